"""Where an Elixir file says `async_stream` or `async_handler` as the key of a step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator import Applicability, Edit, Finding, Fix, Look, Severity, Source, Span
from migrator.helpers.elixir.attributes import attribute_name
from migrator.helpers.elixir.calls import is_local, key_name, operator

from ..._names import STEP_KEYS, keys_in
from ..reading.context import FUNCTIONS
from ..reading.mappings import Entry, entries, leads_to_step, mappings, text_of, why_step
from ..reading.meaning import Meaning, meaning_of
from .lookups import lookups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

RULE = "step-keys"
_MODULE = re.compile(r"[A-Z]\w*\.\Z")


@dataclass(frozen=True)
class Seen:
    """A legacy key: how sure it is that of a step, and why; `problem` rules out a fix."""

    node: Node
    key: str
    level: Applicability
    reason: str
    problem: str = ""


def findings(source: Source, look: Look) -> Iterator[Finding]:
    """Each legacy step key of `source`, once."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    if not _is_spelled(source):
        return
    for seen in sorted((*_in_mappings(meaning), *_asked(meaning)), key=lambda one: one.node.span):
        new = STEP_KEYS[seen.key]
        message = f"`{seen.key}` is now `{new}`"
        found = re.search(rf"(?<!\w){seen.key}(?!\w)", seen.node.text)
        assert found is not None
        start = seen.node.span.start + found.start()
        word = Span(start, start + len(seen.key))
        fix = None
        if seen.problem:
            message += f": {seen.problem}"
        else:
            edit = Edit(source.path, word, new)
            fix = Fix(f"rename `{seen.key}` to `{new}`", (edit,), seen.level)
        span = word if seen.node.kind == "sigil" else seen.node.span
        yield Finding(RULE, source.path, span, Severity.ERROR, message, (seen.reason,), fix)


def _is_spelled(source: Source) -> bool:
    """Whether a legacy key stands in `source` other than as a function of a module."""
    text = source.text
    return any(not _MODULE.search(text, max(0, at - 100), at) for at in keys_in(text))


def _in_mappings(meaning: Meaning) -> Iterator[Seen]:
    for mapping in mappings(meaning):
        for one in entries(mapping):
            if one.key in STEP_KEYS and not _names_functions(one):
                yield _of_entry(meaning, mapping, one)


def _of_entry(meaning: Meaning, mapping: Node, one: Entry) -> Seen:
    new = STEP_KEYS[one.key]
    why = why_step(meaning, mapping) or leads_to_step(meaning, _updated(mapping))
    reason = why or "no `type`, `provider` or `steps` shows whether this is a step"
    if mapping.of("struct") is not None or _is_of_struct(mapping):
        why = None
        reason = "the fields of a struct are named where it is defined and made, in other files too"
    problem = ""
    if any(other.key == new for other in entries(mapping)):
        problem = _together(one.key, new)
    elif text_of(one.value) == new:
        problem = "this looks like a table from old keys to new ones"
    level = Applicability.SAFE if why else Applicability.REVIEW
    return Seen(one.name, one.key, level, reason, problem)


def _updated(mapping: Node) -> Node | None:
    """What `%{step | key: value}` is made from."""
    for inside in mapping.children if mapping.kind == "map" else ():
        for one in inside.children:
            if one.kind == "binary_operator" and operator(one) == "|":
                return one.child("left")
    return None


def _is_of_struct(mapping: Node) -> bool:
    """Whether `mapping` has the fields of a struct, where it is defined or made by a function."""
    call = mapping.parent.parent if mapping.parent is not None else None
    return is_local(call, "defstruct", "struct", "struct!")


def _together(key: str, new: str) -> str:
    return f"`{key}` stands together with `{new}`; keep one of them, as `{new}`"


def _names_functions(one: Entry) -> bool:
    """Whether the entry is `name: arity` where functions are listed."""
    if one.value.kind != "integer":
        return False
    for around in one.node.up():
        if is_local(around, "import", "defoverridable") or attribute_name(around) is not None:
            return True
        if around.kind in ("do_block", "stab_clause"):
            return False
    return False


def _asked(meaning: Meaning) -> Iterator[Seen]:
    found = list(lookups(meaning))
    asked = {
        (_function(one.key), one.base.text, key)
        for one in found
        if one.base is not None and (key := _key_of(one.key)) in STEP_KEYS.values()
    }
    for one in {(one.key, one.word): one for one in found}.values():
        key = one.word or _key_of(one.key)
        if key is None or key not in STEP_KEYS:
            continue
        why = leads_to_step(meaning, one.base)
        base = one.base.text if one.base is not None else "what is asked"
        reason = why or f"nothing shows whether `{base}` is a step"
        problem = ""
        if one.base is not None and (_function(one.key), base, STEP_KEYS[key]) in asked:
            problem = _together(key, STEP_KEYS[key])
        level = Applicability.SAFE if why else Applicability.REVIEW
        is_name = one.word or one.key.kind == "identifier"
        name = one.key if is_name else key_name(one.key)
        if name is not None:
            yield Seen(name, key, level, reason, problem)


def _key_of(node: Node) -> str | None:
    """The key that a look-up names: an atom, a text, or the name behind a dot."""
    if node.kind == "identifier":
        parent = node.parent
        return node.text if parent is not None and parent.kind == "dot" else None
    return text_of(node)


def _function(node: Node) -> Node | None:
    return next((around for around in node.up() if is_local(around, *FUNCTIONS)), None)
