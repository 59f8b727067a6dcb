"""Dotted names in YAML: whole texts, and what a tag names, called by their new names.

A part of a longer text is never edited; where a name is to stand, it is reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from migrator.helpers.yaml import respell
from migrator.languages.yaml import BLOCKS, Mapping, Node, Scalar, Sequence, parse, resolved
from migrator.model import Applicability, Edit, Finding, Fix, Severity, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Table
    from collections.abc import Sequence as Several

    from migrator.patterns.renaming import Rename

SAFE, REVIEW, MANUAL = Applicability.SAFE, Applicability.REVIEW, Applicability.MANUAL

# `a.b.C`, `a.b:f`, `A.B.f!/1`
_NAME = re.compile(r"\w+(?:\.\w+)*(?::\w+(?:\.\w+)*|[!?]?(?:/\d+)?)")
# `!!python/name:some.name`, and tags of that kind that a project reads itself.
_TAG = re.compile(r"(?:&\S+\s+)?(?P<tag>!\S*?(?P<name>[\w.]+!?))(?=[\s,\]}>]|\Z)")
# In front of an Elixir function that is handed on, and of the full name of an Elixir module.
_CAPTURE = "&"
_ELIXIR_ROOT = re.compile(r"Elixir\.(?=[A-Z])")


@dataclass(frozen=True)
class NamesRule:
    """The renames of one rule file; `under` are the keys whose values are names, and how sure."""

    id: str
    severity: Severity
    most: Applicability
    renames: tuple[Rename, ...]
    under: Table[str, Applicability]
    message: str | None


class _Moved(NamedTuple):
    """What a name moves by, the `part` of the rule that says so, and its new name."""

    rule: NamesRule
    new: str
    part: str


class _Use(NamedTuple):
    """Where a scalar stands: the key that says that it is a name, or else the one over it."""

    key: str
    most: Applicability | None


def check(rules: Several[NamesRule], id_: str, source: Source) -> Iterator[Finding]:
    """What the rule called `id_` finds: of all `rules` the rename of the longest name counts."""
    own = next(rule for rule in rules if rule.id == id_)
    named = _under(source, own.under)
    siblings = source.once(_siblings)
    for node, key in source.once(_scalars):
        if node.style in BLOCKS:
            continue
        use = named.get(node, _Use(key, None))
        bare = _bare(node, use)
        moved = _moved(rules, bare) if _NAME.fullmatch(bare) else None
        if moved is not None:
            if moved.rule is own:
                yield _whole(moved, source, node, use, siblings.get(node, ()))
        elif use.most is not None and own is _in_part(rules, node.value):
            yield _longer(own, source, node, use.key)
    yield from _tags(rules, own, source)


def _bare(node: Scalar, use: _Use) -> str:
    """The name that `node` may be; where one is to stand, blanks beside it are no part of it."""
    text = node.value if use.most is None else node.value.strip()
    return text.removeprefix(_CAPTURE)


def _moved(rules: Iterable[NamesRule], written: str) -> _Moved | None:
    """What a name moves by, and its new name; a `:` for a dot stays where it stands."""
    root = _ELIXIR_ROOT.match(written)
    prefix = root[0] if root else ""
    written = written[len(prefix) :]
    name = written.replace(":", ".")
    found = [
        (rename, rule)
        for rule in rules
        for rename in rule.renames
        if name == rename.old or name.startswith((f"{rename.old}.", f"{rename.old}/"))
    ]
    if not found:
        return None
    rename, rule = max(found, key=lambda one: len(one[0].old))
    old, rest = written[: len(rename.old)], written[len(rename.old) :]
    return _Moved(rule, f"{prefix}{_divided(rename.new, old)}{rest}", rename.part)


def _divided(name: str, like: str) -> str:
    """`name` with `:` behind as many parts as in `like`."""
    module, colon, _ = like.partition(":")
    parts = name.split(".")
    count = module.count(".") + 1
    return f"{'.'.join(parts[:count])}:{'.'.join(parts[count:])}" if colon else name


def _in_part(rules: Iterable[NamesRule], text: str) -> NamesRule | None:
    """The rule of the longest old name in `text`, which is no prose."""
    if any(map(str.isspace, text)):
        return None
    found = [
        (len(rename.old), rule)
        for rule in rules
        for rename in rule.renames
        if re.search(rf"(?<![\w.])(?:Elixir\.)?{re.escape(rename.old)}(?!\w)", text)
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def _under(source: Source, keys: Table[str, Applicability]) -> dict[Node, _Use]:
    """The scalars under one of `keys`, in lists and by way of an alias too, by the surest key."""
    found: dict[Node, _Use] = {}
    for node in parse(source).nodes:
        for key, value in node.pairs if isinstance(node, Mapping) else ():
            scalar = resolved(key)
            most = keys.get(scalar.value) if isinstance(scalar, Scalar) else None
            if most is None or not isinstance(scalar, Scalar):
                continue
            for one in _listed(value):
                use = found.get(one)
                if use is None or use.most is None or use.most < most:
                    found[one] = _Use(scalar.value, most)
    return found


def _listed(value: Node) -> Iterator[Scalar]:
    """The scalar that a value is, or those that are items of its lists."""
    waiting, seen = [value], set[Node]()
    while waiting:
        node = resolved(waiting.pop())
        if isinstance(node, Scalar):
            yield node
        elif isinstance(node, Sequence) and node not in seen:
            seen.add(node)
            waiting += node.items


def _scalars(source: Source) -> list[tuple[Scalar, str]]:
    """Every scalar where it is written, with the key that it stands under."""
    found: list[tuple[Scalar, str]] = []
    waiting: list[tuple[Node, str]] = [(one, "") for one in reversed(parse(source).documents)]
    while waiting:
        node, under = waiting.pop()
        if isinstance(node, Scalar):
            found.append((node, under))
        elif isinstance(node, Sequence):
            waiting += [(item, under) for item in reversed(node.items)]
        elif isinstance(node, Mapping):
            for key, value in reversed(node.pairs):
                scalar = resolved(key)
                name = scalar.value if isinstance(scalar, Scalar) else ""
                waiting += [(value, name), (key, "")]
    return found


def _siblings(source: Source) -> dict[Node, list[dict[str, Node]]]:
    """The keys, each with all of the mappings that it stands in, by an alias too."""
    found: dict[Node, list[dict[str, Node]]] = {}
    for node in parse(source).nodes:
        if isinstance(node, Mapping):
            keys = {
                scalar.value: key
                for key, _ in node.pairs
                if isinstance(scalar := resolved(key), Scalar)
            }
            for key in keys.values():
                found.setdefault(resolved(key), []).append(keys)
    return found


def _whole(
    moved: _Moved,
    source: Source,
    node: Scalar,
    use: _Use,
    beside: Iterable[dict[str, Node]],
) -> Finding:
    bare, text = _bare(node, use), node.value.strip()
    is_capture = text.startswith(_CAPTURE)
    most = use.most or REVIEW
    if use.most is None:
        where = f"but stands under `{use.key}`" if use.key else "but no key says that it is one"
        evidence = f"it is the name as a whole, {where}"
    elif is_capture:
        most = min(most, REVIEW)
        evidence = f"it is a capture under `{use.key}`"
    elif text != node.value:
        most = min(most, REVIEW)
        evidence = f"it is the name, with blanks beside it, under `{use.key}`"
    else:
        evidence = f"it is the name as a whole, under `{use.key}`"
    written = f"{_CAPTURE * is_capture}{moved.new}"
    message = moved.rule.message or f"`{text}` is now `{written}`"
    equal = next((keys[written] for keys in beside if written in keys), None)
    if equal is not None:
        line = source.position(equal.span.start).line
        message += f"; it stands beside it already, at line {line}: keep one of them"
        most = MANUAL
    edit = respell(source, node, *_changed(bare, moved.new))
    return _finding(moved, source, node.span, message, evidence, edit, most)


def _longer(rule: NamesRule, source: Source, node: Scalar, key: str) -> Finding:
    message = f"`{node.value}` speaks of an old name in a longer text: change it by hand"
    evidence = (f"it stands under `{key}`, where names do",)
    return Finding(rule.id, source.path, node.span, rule.severity, message, evidence)


def _tags(rules: Several[NamesRule], own: NamesRule, source: Source) -> Iterator[Finding]:
    for node in parse(source).nodes:
        match = _TAG.match(source.text, node.span.start) if node.tag else None
        moved = _moved(rules, match["name"]) if match else None
        if match is not None and moved is not None and moved.rule is own:
            message = f"the tag's `{match['name']}` is now `{moved.new}`"
            evidence = "a tag names it, and what reads the file decides what that means"
            edit = Edit(source.path, Span(*match.span("name")), moved.new)
            yield _finding(moved, source, Span(*match.span("tag")), message, evidence, edit, REVIEW)


def _finding(
    moved: _Moved,
    source: Source,
    span: Span,
    message: str,
    evidence: str,
    edit: Edit,
    most: Applicability,
) -> Finding:
    rule = moved.rule
    most = min(most, rule.most)
    fix = None if most is MANUAL else Fix(message, (edit,), most)
    path = source.path
    return Finding(rule.id, path, span, rule.severity, message, (evidence,), fix, moved.part)


def _changed(old: str, new: str) -> tuple[str, str]:
    """`old` and `new` without the end that they share."""
    left, right = old.split("."), new.split(".")
    while len(left) > 1 and len(right) > 1 and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    return ".".join(left), ".".join(right)
