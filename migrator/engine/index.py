"""Packs without their code: what a run has to know of a pack before a rule of it is called.

To read a pack is to parse all of its rules that are written down, and to import the others. Where
no file of a run holds a word of them, that is most of what there is to do; so what a pack says of
itself is kept in the cache, by its bytes, and the rules are loaded when the first is called.
"""

from __future__ import annotations

import json
from dataclasses import fields
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from migrator.engine.cache import digest_of
from migrator.engine.packs import NO_RULES, Item, Pack, load
from migrator.model import Rule
from migrator.patterns.options import Option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from migrator.engine.cache import Cache
    from migrator.model import Fact, Finding, Look, Source

T = TypeVar("T")

_PACKS = "pack"
_MANIFESTS = "manifest"
#: What a rule is asked to do; an index says which of it there is.
_CALLS = ("check", "learn", "conclude")


class Manifest(NamedTuple):
    """What tells whether a pack runs: its id, and whether it has to be named."""

    id: str
    on_request: bool


def manifest(file: Path, cache: Cache) -> Manifest:
    """What `pack.yaml` says; raises `MigrateError` with line and key where it is wrong."""
    data = file.read_bytes()
    kept = _kept(cache.get(_MANIFESTS, data), lambda said: Manifest(*said))
    if kept is not None:
        return kept
    from migrator.engine.manifest import PackForm
    from migrator.patterns.definition import parse

    form, _ = parse(file, data, PackForm)
    found = Manifest(form.id, form.on_request)
    cache.put(_MANIFESTS, json.dumps(found).encode(), data)
    return found


def indexed(folder: Path, cache: Cache) -> Pack:
    """The pack in `folder`, its rules loaded when one is called; raises `MigrateError`."""
    key = digest_of(folder, NO_RULES)
    if key is None:
        return load(folder)
    kept = _kept(cache.get(_PACKS, key), lambda said: _pack(said, _Later(folder)))
    if kept is not None:
        return kept
    pack = load(folder)
    if digest_of(folder, NO_RULES) == key:  # else it was changed while it was read
        cache.put(_PACKS, json.dumps(_plain(pack)).encode(), key)
    return pack


def _kept(data: bytes | None, make: Callable[[Any], T]) -> T | None:
    """What `make` makes of a value of the cache, if there is one and it is as we write it."""
    try:
        return None if data is None else make(json.loads(data))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


class _Later:
    """The rules of a pack, loaded when one is called."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _rules(self) -> dict[tuple[str, str], Rule]:
        return {(rule.language, rule.id): rule for rule in load(self._folder).rules}

    def check(self, name: tuple[str, str], source: Source, look: Look) -> Iterable[Finding | Fact]:
        return self._rules[name].check(source, look)

    def learn(self, name: tuple[str, str], facts: Sequence[Fact], look: Look) -> Iterable[Fact]:
        learn = self._rules[name].learn
        return learn(facts, look) if learn else ()

    def conclude(
        self, name: tuple[str, str], facts: Sequence[Fact], look: Look
    ) -> Iterable[Finding]:
        conclude = self._rules[name].conclude
        return conclude(facts, look) if conclude else ()


def _plain(pack: Pack) -> dict[str, Any]:
    """`pack` in the values of JSON."""
    said = {field.name: getattr(pack, field.name) for field in fields(pack)}
    said["rules"] = [_plain_rule(rule) for rule in pack.rules]
    said["checklist"] = [item._asdict() for item in pack.checklist]
    said["options"] = {name: option._asdict() for name, option in pack.options.items()}
    return said


def _plain_rule(rule: Rule) -> dict[str, Any]:
    said = {field.name: getattr(rule, field.name) for field in fields(rule)}
    return {**said, **{call: said[call] is not None for call in _CALLS}}


def _pack(said: dict[str, Any], later: _Later) -> Pack:
    rules = tuple(_rule(one, later) for one in said["rules"])
    items = tuple(Item(**{**one, "rules": tuple(one["rules"])}) for one in said["checklist"])
    options = {name: Option(**one) for name, one in said["options"].items()}
    words = tuple(said["legacy_words"])
    said = {**said, "rules": rules, "checklist": items, "options": options, "legacy_words": words}
    return Pack(**said)


def _rule(said: dict[str, Any], later: _Later) -> Rule:
    name = (said["language"], said["id"])
    calls = {call: partial(getattr(later, call), name) if said[call] else None for call in _CALLS}
    triggers = tuple(tuple(group) for group in said["triggers"])
    parts = tuple(tuple(part) for part in said["parts"])
    return Rule(**{**said, **calls, "triggers": triggers, "parts": parts})
