"""What becomes of each use of the legacy `invoke!`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from migrator import Applicability, Edit, Look, Source
from migrator.helpers.elixir.calls import arguments, is_piped_into, operator
from migrator.helpers.elixir.names import Target

from ..._names import ELIXIR_LEGACY, rule_of
from ..handlers.handlers import Given, Kind, given
from ..reading.context import context_of
from ..reading.fate import CALL, NAMESPACE
from ..reading.mappings import Entry, entries
from ..reading.meaning import CURRENT_CALLS, KEPT, ROOT, Meaning, is_legacy, meaning_of, now, once
from ..reading.unpacked import takes_apart
from ..reading.uses import Site, sites
from .arguments import Rewrite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from migrator.helpers.elixir.names import Reference
    from migrator.languages.elixir import Node

_CAPTURE = re.compile(r"&\s*([a-z_]\w*[?!]?\s*/\s*1)")
_TARGET = f"{CURRENT_CALLS}.invoke!(ctx, prompt: ..., stream: true, on_event: ...)"


@dataclass(frozen=True, eq=False)
class Use:
    """One use; `edits` change the arguments of the call, not the name that it goes by."""

    site: Site
    applicability: Applicability
    message: str
    evidence: tuple[str, ...]
    edits: tuple[Edit, ...] = ()
    handler: Node | None = None
    given: Given | None = None
    #: Why what it is given takes the legacy events for now, if it is to stay.
    kept: str = ""


def uses(source: Source, look: Look) -> Sequence[Use]:
    """Every use of the legacy function in `source`, in the order in which they stand there."""
    return once(_uses, source, look)


def _uses(source: Source, look: Look) -> Sequence[Use]:
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return ()
    found = sorted(sites(meaning), key=lambda site: site.node.span)
    calls = [_kept(meaning, _Call(meaning, site).use(), look) for site in found]
    held = _held(meaning, calls)
    shared = {
        _captured(meaning, use): use.kept for use in calls if use.kept and use.handler is not None
    }
    with_held = (_with_held(meaning, use, held) for use in calls)
    return tuple(_with_handler(meaning, use, shared) for use in with_held)


def held(source: Source, look: Look) -> dict[str, int]:
    """What of the legacy library suppressed calls are given, and the line of one: it stays."""
    return _held(meaning_of(source, look), uses(source, look))


def _held(meaning: Meaning, found: Iterable[Use]) -> dict[str, int]:
    names = {
        name: meaning.line(use.site.node)
        for use in found
        if use.kept
        for name in _library_names(meaning, use)
    }
    for directive in meaning.names.directives if names else ():
        together = {target.name for target in directive.targets}
        if directive.prefix is not None and not together.isdisjoint(names):
            # `alias A.{B, C}` moves whole or not at all.
            line = max(names.get(name, 0) for name in together)
            names.update((name, line) for name in together - names.keys())
    return names


def _library_names(meaning: Meaning, use: Use) -> set[str]:
    """The modules of the legacy library that the handler of a call names."""
    return {reference.name for reference in _of_library(meaning, use)}


def _of_library(meaning: Meaning, use: Use) -> Iterator[Reference]:
    """Where the handler of a call names modules of the legacy library."""
    if use.handler is None:
        return
    for reference in meaning.legacy_in(use.handler.span):
        if is_legacy(reference.name) and reference.name != ELIXIR_LEGACY:
            yield reference


def _with_held(meaning: Meaning, use: Use, held: Mapping[str, int]) -> Use:
    """`use`, which stays where its handler does."""
    shared = () if use.kept else sorted(_library_names(meaning, use) & held.keys())
    if not shared:
        return use
    message = f"`{shared[0]}` stays for the suppressed call at line {held[shared[0]]}: move both"
    return replace(use, applicability=Applicability.MANUAL, message=message, edits=())


def _with_handler(meaning: Meaning, use: Use, shared: Mapping[str, str]) -> Use:
    """`use`, which stays where what it is given takes the legacy events for now."""
    if use.kept or use.handler is None or use.applicability is Applicability.MANUAL:
        return use
    own = sent_by(meaning, use)
    for name, why in _taking(meaning, use.handler, shared):
        if why and why != own:
            message = f"`{name}` stays, since {why}: move both"
            stays = replace(use, applicability=Applicability.MANUAL, message=message, edits=())
            return replace(stays, kept=why)
    return use


def _taking(
    meaning: Meaning, handler: Node, shared: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """What of the project `handler` names, each with why it takes the legacy events for now."""
    for reference in meaning.named_in(handler.span):
        if not is_legacy(reference.name):
            yield reference.name, str(meaning.known.get((KEPT, now(reference.name))) or "")
    if local := _local(handler):
        yield local, shared.get(_key(meaning, handler), "")
        module = meaning.names.module(handler)
        if module is not None and module.name:
            yield local, str(meaning.known.get((KEPT, now(module.name))) or "")


def _captured(meaning: Meaning, use: Use) -> str:
    assert use.handler is not None
    return _key(meaning, use.handler)


def _key(meaning: Meaning, handler: Node) -> str:
    """What tells a function of the module around `handler`, which captures it."""
    module = meaning.names.module(handler)
    name = module.name if module is not None else ""
    return f"{name}:{_local(handler)}"


def _local(handler: Node) -> str:
    """`show/1` of `&show/1`; an empty text where it is of another module, or no capture."""
    found = _CAPTURE.fullmatch(handler.text)
    return found[1] if found else ""


def sent_by(meaning: Meaning, use: Use) -> str:
    """Why what is given to `use`, which is suppressed, takes the legacy events for now."""
    where = f"line {meaning.line(use.site.node)} of {meaning.source.path}"
    return f"the call at {where} is suppressed, and goes on to send the legacy events"


def _event_that_stays(meaning: Meaning, use: Use, look: Look) -> str:
    """Why a function without a name goes on to take legacy events: one in it is suppressed."""
    if use.handler is None or use.handler.kind != "anonymous_function":
        return ""
    first, last = (meaning.source.position(at).line for at in use.handler.span)
    for line in range(first, last + 1):
        if look.keeps("event-shape", line) or look.keeps("last-event", line):
            where = f"line {line} of {meaning.source.path}"
            return f"{where} is suppressed, and is about the legacy events"
    return ""


def _kept(meaning: Meaning, use: Use, look: Look) -> Use:
    """`use`, which stays as it is where it, or what it cannot go without, is suppressed."""
    stays = replace(use, applicability=Applicability.MANUAL, edits=())
    if look.keeps(CALL, meaning.line(use.site.node)):
        return replace(stays, kept=sent_by(meaning, use))
    if why := _event_that_stays(meaning, use, look):
        message = f"its handler stays, since {why}: move both"
        return replace(stays, kept=why, message=message) if use.edits else replace(stays, kept=why)
    value = use.site.value
    line = meaning.line(value) if value is not None else None
    if line is not None and (look.keeps(CALL, line) or look.keeps(NAMESPACE, line)):
        message = f"what it is called on is suppressed at line {line}, and stays: move both"
        return replace(stays, kept=sent_by(meaning, use), message=message)
    for reference in _of_library(meaning, use):
        # Reached by an alias of its own, a name moves where that is.
        by = reference.by
        is_aliased = isinstance(by, Target) and by.name not in (ELIXIR_LEGACY, ROOT)
        named = by.node if isinstance(by, Target) and is_aliased else reference.node
        if look.keeps(rule_of(reference.name), meaning.line(named)):
            line = meaning.line(named)
            message = f"`{reference.name}` is suppressed at line {line}, and stays: move both"
            return replace(stays, message=message)
    return use


class _Call:
    """One use, on its way to the call of the current function."""

    def __init__(self, meaning: Meaning, site: Site) -> None:
        self.meaning = meaning
        self.site = site
        self.evidence = [site.evidence]
        self.doubts = [site.doubt] if site.doubt else []

    def use(self) -> Use:
        call = self.site.call
        if call is None:
            why = self.site.problem or "it is passed on as a value"
            return self._manual(f"{why}; pass on a function that calls `{_TARGET}`")
        if is_piped_into(call):
            return self._manual("its argument comes by a pipe")
        found = self._options(call)
        if isinstance(found, str):
            return self._manual(found)
        by_key = {pair.key: pair for pair in found}
        prompt, handler = by_key["prompt"], by_key["handler"]
        what = given(self.meaning, handler.value)
        context = context_of(self.meaning, call, prompt.value)
        if isinstance(context, str):
            return self._manual(context, handler.value, what)
        if what.kind is Kind.NEITHER:
            return self._manual(what.reason, handler.value, what)
        if what.kind is Kind.MODULE and any(map(_is_capture, call.up())):
            why = "it stands in a capture, in which `&Module.handle_event/1` cannot stand: use `fn`"
            return self._manual(why, handler.value, what)
        self.evidence.append(context.evidence)
        self.doubts += [doubt for doubt in (context.doubt, what.doubt) if doubt]
        if what.function is not None and takes_apart(self.meaning, what.function):
            self.doubts.append("its function takes kind and text apart, which is done by hand")
        if self.site.function != "invoke!":
            self.doubts.append(f"the guide names `invoke!`, and this is `{self.site.function}`")
        edits = Rewrite(self.meaning.source, call, found, handler, what).edits(context)
        message = f"`{self.site.function}` moves to `{_TARGET}`"
        if self.doubts:
            message += f"; review: {'; '.join(self.doubts)}"
        level = Applicability.REVIEW if self.doubts else Applicability.SAFE
        evidence = tuple(self.evidence)
        return Use(self.site, level, message, evidence, tuple(edits), handler.value, what)

    def _manual(self, why: str, handler: Node | None = None, what: Given | None = None) -> Use:
        message = f"this `{self.site.function}` must be moved to `{CURRENT_CALLS}` by hand: {why}"
        evidence = tuple(self.evidence)
        return Use(self.site, Applicability.MANUAL, message, evidence, (), handler, what)

    def _options(self, call: Node) -> list[Entry] | str:
        """The options of the call, or why they cannot be told."""
        written = arguments(call)
        if not written:
            return "it has no arguments"
        if len(written) > 1:
            return "it has more than one argument"
        options = written[0]
        if options.kind not in ("keywords", "list"):
            return "its options are not written here"
        found = sorted(entries(options), key=lambda one: one.node.span)
        written_out = [one.node for one in found if one.name.kind != "quoted_content"]
        if options.kind == "list" and any(
            child.kind != "keywords" and child not in written_out for child in options.children
        ):
            return "its options are not a plain keyword list"
        last = found[-1].value if found else None
        if last is not None and last.kind == "binary_operator" and operator(last) == "|":
            if options.kind == "list":
                return "more options come behind `|`"
        keys = [pair.key for pair in found]
        for key in ("stream", "on_event", "ctx"):
            if key in keys:
                return f"it already has `{key}:`"
        for key in ("prompt", "handler"):
            if keys.count(key) > 1:
                return f"`{key}:` is given twice"
        missing = [key for key in ("prompt", "handler") if key not in keys]
        if missing:
            return f"it names no {' and no '.join(f'`{key}:`' for key in missing)}"
        return found


def _is_capture(node: Node) -> bool:
    return node.kind == "unary_operator" and operator(node) == "&"
