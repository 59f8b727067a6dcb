"""Files that define packs and rules: YAML into a typed value, and errors that name the line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec
from msgspec import inspect

from migrator.errors import MigrateError, NotAnalysedError, meant
from migrator.languages import yaml
from migrator.model import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    #: The keys and indices that lead from the root of a file to a value in it.
    Place = Sequence[str | int]

T = TypeVar("T")

# A file that is written by hand is not deeper than this; one that is made to hurt may be.
_DEEPEST = 40
_STEP = re.compile(r"\.([^.\[\]`]+)|\[(\d+|\.\.\.)\]")
_FIELD = re.compile(r"field `([^`]*)`")
_KINDS = {
    "str": "text",
    "bool": "`true` or `false`",
    "object": "a mapping",
    "array": "a list",
    "null": "",
}


@dataclass(frozen=True)
class Document:
    """A file that defines something, and where in it each value stands."""

    path: Path
    source: Source
    root: yaml.Node

    def error(self, place: Place, problem: str) -> MigrateError:
        """An error that names the file, the line of the value at `place`, its key and `problem`."""
        key = spelled(place)
        return MigrateError(
            f"{self.path}:{self._line(place)}: {f'`{key}`: ' if key else ''}{problem}"
        )

    def known(self, place: Place, name: str, known: Iterable[str], problem: str) -> None:
        """Raise an error with what was probably meant where `name` is none of `known`."""
        names = list(known)
        if name not in names:
            raise self.error(place, f"{problem}; {meant(name, names)}")

    def _line(self, place: Place) -> int:
        node, at = self.root, self.root.span.start
        for step in place:
            if isinstance(node, yaml.Mapping):
                pair = _pair(node, step)
                if pair is None:
                    break
                at, node = pair[0].span.start, pair[1]
            elif isinstance(node, yaml.Sequence) and isinstance(step, int):
                node = node.items[step]
                at = node.span.start
        return self.source.position(at).line


def read(path: Path, type_: type[T]) -> tuple[T, Document]:
    """The value in the file at `path`; raises `MigrateError` with line and key."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MigrateError(f"{path}: {error.strerror}") from None
    return parse(path, data, type_)


def parse(path: Path, data: bytes, type_: type[T]) -> tuple[T, Document]:
    """The value in `data`, which was read from `path`."""
    try:
        codec, bom = yaml.encoding(data)
        source = Source.from_bytes(str(path), data, "yaml", codec, bom)
        documents = yaml.parse(source).documents
    except (NotAnalysedError, UnicodeDecodeError) as error:
        raise _unread(path, str(error)) from None
    if len(documents) != 1 or not isinstance(documents[0], yaml.Mapping):
        raise MigrateError(f"{path}:1: the file must hold one mapping")
    document = Document(path, source, documents[0])
    plain = _plain(document, document.root, ())
    try:
        return msgspec.convert(plain, type_), document
    except msgspec.ValidationError as error:
        raise _translated(document, plain, type_, str(error)) from None


def _unread(path: Path, problem: str) -> MigrateError:
    """The error of the parser, with its line where an editor looks for it."""
    match = re.search(r" at line (\d+), column \d+", problem)
    if "mapping values are not allowed" in problem:
        problem += ": put quotes around code with `: ` in it, or write it below `|`"
    return MigrateError(f"{path}:{f'{match[1]}:' if match else ''} {problem}")


def _plain(document: Document, node: yaml.Node, place: tuple[str | int, ...]) -> Any:
    """`node` as plain values: text, `True`, `False`, `None`, lists and dicts."""
    if len(place) > _DEEPEST:
        raise document.error((), f"is nested more than {_DEEPEST} levels deep")
    if isinstance(node, yaml.Scalar):
        if node.style or node.tag:
            return node.value
        return {"true": True, "false": False, "null": None, "~": None, "": None}.get(
            node.value, node.value
        )
    if isinstance(node, yaml.Sequence):
        return [_plain(document, item, (*place, at)) for at, item in enumerate(node.items)]
    if isinstance(node, yaml.Mapping):
        found = {}
        for key, value in node.pairs:
            if not isinstance(key, yaml.Scalar) or yaml.is_merge(key):
                raise document.error(place, "a key must be plain text")
            found[key.value] = _plain(document, value, (*place, key.value))
        return found
    raise document.error(place, "an alias has no place here: write the value out")


def _translated(document: Document, plain: Any, type_: Any, said: str) -> MigrateError:
    """The error of msgspec with our place and in our words."""
    problem, _, where = said.partition(" - at `")
    steps = [key or index for key, index in _STEP.findall(where.rstrip("`").lstrip("$"))]
    place, at = _placed(plain, type_, steps, problem)
    field = _FIELD.search(problem)
    if "unknown field" in problem and field:
        known = _fields(at)
        return document.error(
            (*place, field[1]), f"unknown key `{field[1]}`; {meant(field[1], known)}"
        )
    if "missing required" in problem and field:
        return document.error(place, f"`{field[1]}` is missing")
    if problem.startswith("Invalid enum value"):
        given = problem.partition(" '")[2].rstrip("'")
        options = [str(one) for one in _options(at)]
        return document.error(place, f"`{given}` is no value for it; {meant(given, options)}")
    expected = re.match(r"Expected `([^`]*)`", problem)
    if expected:
        kinds = [_KINDS.get(kind, kind) for kind in expected[1].split(" | ")]
        return document.error(place, f"must be {' or '.join(one for one in kinds if one)}")
    return document.error(place, problem)


def _placed(
    plain: Any, type_: Any, steps: Sequence[str], problem: str
) -> tuple[tuple[str | int, ...], inspect.Type]:
    """The keys that `steps` mean, and the type that is asked for there.

    msgspec does not name the key of a free mapping: it is the one that is wrong by itself.
    """
    place: list[str | int] = []
    node, at = plain, inspect.type_info(type_)
    for step in steps:
        at = _only(at, step)
        if step == "...":
            assert isinstance(at, inspect.DictType)
            wrong = _first_wrong(node, at.value_type)
            place.append(wrong)
            node, at = node[wrong], at.value_type
        elif step.isdigit():
            place.append(int(step))
            node, at = node[int(step)], _item(at)
        else:
            place.append(step)
            node = node[step]
            assert isinstance(at, inspect.StructType)
            at = next(one.type for one in at.fields if one.encode_name == step)
    at = _bare(at)
    if isinstance(at, inspect.UnionType) and "field" in problem:
        at = next((one for one in at.types if isinstance(one, inspect.StructType)), at)
    return tuple(place), at


def _bare(at: inspect.Type) -> inspect.Type:
    """The type without what is only said about it."""
    return at.type if isinstance(at, inspect.Metadata) else at


def _only(at: inspect.Type, step: str) -> inspect.Type:
    """The member of a union that `step` goes into."""
    at = _bare(at)
    if not isinstance(at, inspect.UnionType):
        return at
    kinds: tuple[type, ...] = (inspect.StructType,)
    if step == "...":
        kinds = (inspect.DictType,)
    elif step.isdigit():
        kinds = (inspect.ListType, inspect.VarTupleType)
    return next(_bare(one) for one in at.types if isinstance(_bare(one), kinds))


def _item(at: inspect.Type) -> inspect.Type:
    assert isinstance(at, (inspect.ListType, inspect.VarTupleType))
    return at.item_type


def _first_wrong(node: dict[str, Any], type_: inspect.Type) -> str:
    target = _as_written(type_)
    for key, value in node.items():
        try:
            msgspec.convert(value, target)
        except msgspec.ValidationError:
            return key
    raise AssertionError("none of the values is wrong by itself")


def _as_written(type_: inspect.Type) -> Any:
    """The Python type that `type_` tells of, so far as free mappings hold such."""
    type_ = _bare(type_)
    if isinstance(type_, inspect.DictType):
        return GenericAlias(dict, (str, _as_written(type_.value_type)))
    if isinstance(type_, inspect.LiteralType):
        return Literal[tuple(type_.values)]
    return type_.cls if isinstance(type_, inspect.StructType) else str


def _fields(at: inspect.Type) -> list[str]:
    return [one.encode_name for one in at.fields] if isinstance(at, inspect.StructType) else []


def _options(at: inspect.Type) -> Iterable[object]:
    members = at.types if isinstance(at, inspect.UnionType) else (at,)
    for one in map(_bare, members):
        if isinstance(one, inspect.LiteralType):
            yield from one.values
        elif isinstance(one, (inspect.ListType, inspect.VarTupleType)):
            yield from _options(one.item_type)


def _pair(node: yaml.Mapping, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    for key, value in node.pairs:
        if isinstance(key, yaml.Scalar) and key.value == step:
            return key, value
    return None


def spelled(place: Place) -> str:
    """A place in a file as its errors call it."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.lstrip(".")
