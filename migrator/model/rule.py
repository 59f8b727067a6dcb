"""What a rule is, and what it is given to look with."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

from migrator.model.finding import Applicability, Finding
from migrator.model.text import Gap, Source, Span

#: Literal words; a rule cannot match a file unless one group has all its words in it, each of
#: them as a whole (`type` is not in `types`).
Triggers = tuple[tuple[str, ...], ...]


#: The kind of the engine's own fact of a file that could not be analysed; its key is the path.
NOT_ANALYSED = "not-analysed"


class Fact(NamedTuple):
    """Something seen in one file that matters to another.

    `key` is what it is about (a dotted name, say) and `value` plain, hashable data. A fact that
    a rule *learns* from others names whom it concerns: a file that holds all `words` of one group
    (none of them as a part of a longer word), or that is one of `files`, is looked at again, and
    its rules are told. One without both is told to every file that is looked at.
    """

    kind: str
    key: str
    value: Hashable = None
    path: str = ""
    span: Span | None = None
    words: Triggers = ()
    files: tuple[str, ...] = ()


class Answer(NamedTuple):
    """What a person said about a fix: whether it is made; `None` is for later.

    With `before` and `after`, these whole lines become those instead; they end with LF, but for
    the last.
    """

    makes: bool | None
    before: str | None = None
    after: str | None = None


#: The answers about the fixes of one file, by rule, scope and text; of what is alike, in order.
Answers = Mapping[tuple[str, str, str], tuple[Answer, ...]]


@dataclass(frozen=True)
class Look:
    """What a rule is told besides the source.

    `paths` are those of all files of the project; while a file is looked at, it is remembered what
    was asked of them (`Paths`). `editable` are those that the run is about, of which the same is
    remembered in the whole run; `None` where it is about all. `left_out` are the rules that are not
    asked for in a file, by its path.

    `level` is the lowest applicability that will be applied, `fixing` the ids of the rules whose
    fixes will be: a fix must be whole in the tree that results. `known` are the facts learnt from
    all files so far, `options` those of each pack by its id, defaults included. `kept` are the
    rules of which findings are suppressed in the file that is looked at, with the line of each, and
    with 0 those that are suppressed in all of it.
    With `answers`, by path, only the fixes that got a yes are made; the rules see those that did
    not as suppressed.
    """

    level: Applicability = Applicability.SAFE
    fixing: frozenset[str] | None = None
    known: frozenset[Fact] = frozenset()
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    paths: Set[str] = frozenset()
    editable: Set[str] | None = None
    kept: frozenset[tuple[str, int]] = frozenset()
    left_out: Mapping[str, frozenset[str]] = field(default_factory=dict)
    answers: Mapping[str, Answers] | None = None

    def edits(self, path: str) -> bool:
        """Whether the file at `path` may be edited by every rule of the run."""
        return self.may_edit(path) and path not in self.left_out

    def may_edit(self, path: str) -> bool:
        """Whether the file at `path` may be edited."""
        return self.editable is None or path in self.editable

    def within(self, path: str) -> Look:
        """What rules are told while they look at the file at `path`: nothing of the others.

        Nor whether it may be edited: that decides in `learn` what other files can rest on, and in
        the end which fixes are made.
        """
        left = self.left_out.get(path)
        return replace(
            self,
            fixing=self.fixing - left if left and self.fixing else self.fixing,
            editable=None,
            left_out={path: left} if left else {},
        )

    def keeps(self, rule: str, line: int) -> bool:
        """Whether what `rule` finds at `line` (from 1) is suppressed, and stays as it is."""
        return (rule, line) in self.kept

    def suppresses(self, rule: str, line: int) -> bool:
        """Whether what `rule` may find at `line` would be suppressed, there or in all the file."""
        return self.keeps(rule, line) or self.keeps(rule, 0)

    def applies(self, rule: str, applicability: Applicability, line: int | None = None) -> bool:
        """Whether a fix of `rule` with that applicability, at `line` if given, will be applied."""
        return (
            applicability is not Applicability.MANUAL
            and applicability >= self.level
            and (self.fixing is None or rule in self.fixing)
            and (line is None or not self.keeps(rule, line))
        )


Check = Callable[[Source, Look], Iterable[Finding | Fact]]
Learn = Callable[[Sequence[Fact], Look], Iterable[Fact]]
Conclude = Callable[[Sequence[Fact], Look], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    """One rule for one language; `check` sees a file, `learn` and `conclude` the facts of all.

    Implementations for several languages share one `id`. `summary` is a line, `manual` the page
    that `migrate rules show` prints. `parts` are what a rule without code consists of: the place in
    its file, and what is written there.
    """

    id: str
    pack: str
    summary: str
    manual: str
    language: str
    triggers: Triggers
    check: Check
    learn: Learn | None = None
    conclude: Conclude | None = None
    parts: tuple[tuple[str, str], ...] = ()


class Language(Protocol):
    """A language is a module that satisfies this; only such modules import a parser."""

    name: str
    suffixes: tuple[str, ...]

    def encoding(self, data: bytes) -> tuple[str, bytes]:
        """The codec of `data` and the bytes of its byte order mark.

        Raises `NotAnalysedError` with the reason where the bytes are to be refused.
        """

    def parse(self, source: Source) -> object:
        """The tree of `source`; raises `NotAnalysedError` where it does not parse."""

    def plain(self, data: bytes, path: str) -> bytes:
        """`data` as words are looked for in it: in UTF-8, with what its escapes spell.

        What no word of it tells may come behind it as words of the language's own, which begin
        with `ADDED` (`migrator.languages`); what they say may depend on where the file is.
        """

    def gaps(self, source: Source) -> Sequence[Gap]:
        """The parts of a source that was parsed around a mistake in them; none as a rule."""

    def comments(self, source: Source) -> Iterable[Span]:
        """The comments of a source that was parsed, each from its `#` to the end of the line."""

    def unbroken(self, source: Source) -> Iterable[Span]:
        """What no comment can stand in: texts of several lines, lines that are joined."""

    def enclosing(self, source: Source) -> Iterable[tuple[Span, str]]:
        """What has a name and holds other things, outer before inner: `class A`, a key's value."""
