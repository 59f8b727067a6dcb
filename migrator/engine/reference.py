"""The reference of packs in Markdown: every key of their files, and the rules that are shipped.

It is made from the types and the rules when the documentation is built: it cannot say otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import inspect

from migrator.engine.catalog import shipped
from migrator.engine.manifest import ItemForm, PackForm
from migrator.engine.packs import load, manual
from migrator.patterns.forms import Alternative, Constraint, OptionForm, Path, RuleFile

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from migrator.engine.packs import Pack
    from migrator.model import Rule

_FILES = (
    ("pack.yaml", PackForm),
    ("An item of `checklist`", ItemForm),
    ("An option", OptionForm),
    ("A rule: `<language>/<rule>.yaml`", RuleFile),
    ("An item of `alternatives`", Alternative),
    ("What `where` asks of a hole", Constraint),
    ("An item of `paths`", Path),
)


def pages() -> dict[str, str]:
    """The text of each page by the name of its file."""
    return {"files.md": "\n".join(_files()), "rules.md": "\n".join(_rules())}


def _files() -> Iterator[str]:
    yield "# Files of a pack\n"
    yield "Every key of every file; no others may be there.\n"
    for title, type_ in _FILES:
        yield f"## {title}\n"
        yield f"{(type_.__doc__ or '').strip()}\n"
        yield "| key | what it holds | default | |"
        yield "|---|---|---|---|"
        struct = inspect.type_info(type_)
        assert isinstance(struct, inspect.StructType)
        for one in struct.fields:
            kind, told = _kind(one.type), _description(one.type)
            yield _row(f"`{one.encode_name}`", kind, _default(one), told)
        yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _description(at: inspect.Type) -> str:
    schema = at.extra_json_schema if isinstance(at, inspect.Metadata) else None
    return str((schema or {}).get("description", ""))


def _default(one: inspect.Field) -> str:
    value: Any = one.default
    if one.required:
        return "has to be there"
    if value in (None, ""):
        return ""
    if one.default_factory is not msgspec.NODEFAULT or value in ((), {}):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _kind(at: inspect.Type) -> str:
    """What values a type has, in words."""
    if isinstance(at, inspect.Metadata):
        return _kind(at.type)
    if isinstance(at, inspect.UnionType):
        kinds = [_kind(one) for one in at.types if not isinstance(one, inspect.NoneType)]
        return " or ".join(dict.fromkeys(kinds))
    if isinstance(at, (inspect.ListType, inspect.VarTupleType)):
        return f"a list of: {_kind(at.item_type)}"
    if isinstance(at, inspect.DictType):
        return f"a mapping of names to: {_kind(at.value_type)}"
    if isinstance(at, inspect.LiteralType):
        return ", ".join(f"`{one}`" for one in sorted(map(str, at.values)))
    if isinstance(at, inspect.StructType):
        return next((title for title, type_ in _FILES if type_ is at.cls), at.cls.__name__).lower()
    return "`true` or `false`" if isinstance(at, inspect.BoolType) else "text"


def _rules() -> Iterator[str]:
    yield "# Rules\n"
    yield "The packs that come with migrate. `migrate rules show RULE` prints the same pages.\n"
    for folder in shipped().values():
        yield from _of_pack(load(folder), on_request=_on_request(folder))


def _on_request(folder: pathlib.Path) -> bool:
    from migrator.patterns.definition import read

    return read(folder / "pack.yaml", PackForm)[0].on_request


def _of_pack(pack: Pack, *, on_request: bool) -> Iterator[str]:
    yield f"## {pack.id}\n"
    runs = (
        f"It runs if it is asked for: `--pack {pack.id}`." if on_request else "It runs by default."
    )
    yield f"{pack.title}. {runs}\n"
    if pack.options:
        yield f"Options, under `[tool.migrator.{pack.id}]`:\n"
        for name, option in pack.options.items():
            yield f"- `{name}`: {option.told}"
        yield ""
    rules: dict[str, list[Rule]] = {}
    for rule in pack.rules:
        rules.setdefault(rule.id, []).append(rule)
    for id_, found in sorted(rules.items()):
        yield f"### {id_}\n"
        yield f"```text\n{manual(found)}\n```\n"
