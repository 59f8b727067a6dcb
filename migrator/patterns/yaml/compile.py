"""Rule files for YAML: paths checked when they are loaded, findings when a file is looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from migrator.helpers.yaml import add_after, lookup, text_of
from migrator.languages.yaml import Alias, Mapping, Node, Scalar, Tree, parse, resolved
from migrator.model import Applicability, Edit, Finding, Fix, Look, Severity, Source, Span
from migrator.patterns.yaml.edits import aliased, respelled, taken_out
from migrator.patterns.yaml.paths import PathError, Place, Step, path, places, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.model import Triggers
    from migrator.model.rule import Check, Learn
    from migrator.patterns.definition import Document
    from migrator.patterns.forms import Path, RuleFile

_FOR_CODE = (
    "find",
    "alternatives",
    "rename",
    "replace",
    "where",
    "signatures",
    "imports",
    "every",
    "has",
)
_VERBS = ("rename", "replace", "add", "remove")
_PAIR = re.compile(r"(?P<key>[^\s:#][^:#]*?)\s*:\s+(?P<value>\S.*?)\s*")
MANUAL, REVIEW = Applicability.MANUAL, Applicability.REVIEW


def compile_all(
    forms: list[tuple[str, RuleFile, Document]],
) -> dict[str, tuple[Triggers, Check, Learn | None]]:
    """Triggers and check of each rule by its id; raises `MigrateError` with line and key."""
    found: dict[str, tuple[Triggers, Check, Learn | None]] = {}
    for id_, form, document in forms:
        for key in _FOR_CODE:
            if getattr(form, key):
                raise document.error((key,), f"`{key}` is for code: for yaml there are `paths`")
        if not form.paths:
            raise document.error((), "nothing to find: give `paths`")
        paths = tuple(_path(document, at, one) for at, one in enumerate(form.paths))
        most = Applicability[form.applicability.upper()]
        rule = _Rule(id_, Severity(form.severity), most, paths, form.message, form.summary)
        triggers = tuple(dict.fromkeys(words(one.steps) for one in paths))
        found[id_] = (triggers, partial(_check, rule), None)
    return found


@dataclass(frozen=True)
class _Path:
    form: Path
    steps: tuple[Step, ...]
    added: tuple[str, str] | None


@dataclass(frozen=True)
class _Rule:
    id: str
    severity: Severity
    most: Applicability
    paths: tuple[_Path, ...]
    message: str | None
    summary: str


def _path(document: Document, at: int, form: Path) -> _Path:
    where = ("paths", at)
    try:
        steps = path(form.path)
    except PathError as error:
        raise document.error((*where, "path"), str(error)) from None
    if not words(steps):
        problem = "it would match every file: name a key, or a value that one has to have"
        raise document.error((*where, "path"), problem)
    verbs = [verb for verb in _VERBS if getattr(form, verb) not in (None, False)]
    if len(verbs) > 1:
        problem = f"`{verbs[0]}` and `{verbs[1]}` exclude each other: make them two paths"
        raise document.error((*where, verbs[1]), problem)
    conditions = ("is", "has", "lacks")
    ends = next((one.kind for one in reversed(steps) if one.kind not in conditions), "deep")
    if form.rename is not None and ends not in ("key", "any"):
        raise document.error((*where, "rename"), "the path must end with a key to rename")
    if form.remove and ends == "deep":
        raise document.error((*where, "remove"), "the path must end with a key or an item")
    if form.rename is not None and steps[-1] == Step("key", form.rename):
        raise document.error((*where, "rename"), "is the key that stands there already")
    groups = 0
    if form.text is not None:
        try:
            groups = re.compile(form.text).groups
        except re.error as error:
            problem = f"is no regular expression: {error}"
            raise document.error((*where, "text"), problem) from None
    for number in re.findall(r"\\(\d+)", form.replace or ""):
        if int(number) > groups:
            problem = f"there is no group {number} in `text`"
            raise document.error((*where, "replace"), problem)
    if form.replace is not None and form.text is None and steps[-1].kind == "any":
        problem = "it would replace whatever stands there: say with `text` what it must be"
        raise document.error((*where, "replace"), problem)
    if form.replace is not None and form.text is not None:
        if re.fullmatch(form.text, re.sub(r"\\\d+", "", form.replace)):
            problem = "what is written matches `text` again, and so would go on for ever"
            raise document.error((*where, "replace"), problem)
    added = None
    if form.add is not None:
        pair = _PAIR.fullmatch(form.add)
        if pair is None:
            raise document.error((*where, "add"), "give `key: value`")
        added = (pair["key"], pair["value"])
    return _Path(form, steps, added)


def _check(rule: _Rule, source: Source, look: Look) -> Iterator[Finding]:
    tree = parse(source)
    anchored = _anchored(tree)
    seen: set[int] = set()
    for one in rule.paths:
        for root in tree.documents:
            for place in places(root, one.steps):
                subject = place.pair[0] if place.pair else place.node
                if id(subject) not in seen:
                    finding = _finding(rule, one, source, place, anchored)
                    if finding is not None:
                        seen.add(id(subject))
                        yield finding


def _anchored(tree: Tree) -> tuple[Node, ...]:
    """What aliases stand for."""
    return tuple(resolved(node) for node in tree.nodes() if isinstance(node, Alias))


def _finding(
    rule: _Rule, one: _Path, source: Source, place: Place, anchored: tuple[Node, ...]
) -> Finding | None:
    form = one.form
    value = text_of(place.node)
    if value is None and not any(getattr(form, verb) for verb in _VERBS):
        value = _block(place.node)
    match = None
    if form.text is not None:
        match = re.fullmatch(form.text, value) if value is not None else None
        if match is None:
            return None
    node = resolved(place.node)
    if one.added and (not isinstance(node, Mapping) or lookup(node, one.added[0])):
        return None
    if form.replace is not None and match is None and value == form.replace:
        return None
    evidence = [f"the path `{form.path}` leads here"]
    edits, why = _edits(one, source, place, match)
    most = rule.most
    if why:
        evidence.append(why)
    if edits and aliased(place.pair[0] if place.pair else place.node, anchored):
        most = min(most, REVIEW)
        evidence.append("it is used in another place too, by an alias")
    message = form.message or rule.message or _told(one, place, value, rule.summary)
    fix = Fix(message, edits, most) if edits and most is not MANUAL else None
    span = _span(one, place)
    return Finding(rule.id, source.path, span, rule.severity, message, tuple(evidence), fix)


def _block(node: Node) -> str | None:
    """The text of a block scalar, which can be read but is never edited."""
    is_block = isinstance(node, Scalar) and node.style in ("|", ">") and not node.tag
    return node.value if isinstance(node, Scalar) and is_block else None


def _span(one: _Path, place: Place) -> Span:
    if place.pair is not None and one.form.replace is None and one.added is None:
        return place.pair[0].span
    node = place.node
    if isinstance(node, Mapping) and node.pairs and not node.flow:
        return node.pairs[0][0].span
    return node.span


def _edits(
    one: _Path, source: Source, place: Place, match: re.Match[str] | None
) -> tuple[tuple[Edit, ...], str | None]:
    """The edits that the verb asks for, or why there are none."""
    form = one.form
    if form.rename is not None:
        assert place.mapping is not None and place.pair is not None
        if lookup(place.mapping, form.rename):
            return (), f"there is a `{form.rename}` beside it already"
        key = place.pair[0]
        edits = respelled(source, key, form.rename) if isinstance(key, Scalar) else ()
    elif form.replace is not None:
        node = place.node
        text = match.expand(form.replace) if match else form.replace
        edits = respelled(source, node, text) if isinstance(node, Scalar) else ()
    elif one.added is not None:
        mapping = resolved(place.node)
        assert isinstance(mapping, Mapping)
        edits = ()
        if mapping.pairs:
            edits = add_after(source, mapping, mapping.pairs[-1], *one.added)
    elif form.remove:
        edits = taken_out(source, place)
    else:
        return (), None
    return edits, None if edits else "how it is written keeps it from being changed by a tool"


def _told(one: _Path, place: Place, value: str | None, summary: str) -> str:
    form = one.form
    key = text_of(place.pair[0]) if place.pair else None
    if form.rename is not None:
        return f"`{key}` is now `{form.rename}`"
    if form.replace is not None and value is not None:
        return f"`{value}` is no longer to be used" if key is None else f"`{key}: {value}` is old"
    if one.added is not None:
        return f"`{': '.join(one.added)}` is missing"
    return summary.rstrip(".")
