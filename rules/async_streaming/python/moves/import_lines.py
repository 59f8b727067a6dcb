"""The lines of an import statement: new ones after it, and names taken out of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Edit, Span
from migrator.languages.python import comments

from .legacy_imports import INVOKE_LEAF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .imports import Planner
    from .legacy_imports import Import

# Comments that speak to a tool about the whole statement hold for each part of a split one.
_PRAGMA = re.compile(r"#\s*(noqa|type:|pylint:|pyright:|nosec|pragma:|isort:)")
# What suppresses a finding speaks of its own line alone.
_DIRECTIVE = re.compile(r"\s*#\s*migrate:\s*ignore.*?(?=\s+#\s|$)")


class Lines:
    """New import lines after a statement, and aliases taken out of it."""

    def __init__(self, planner: Planner, node: cst.Import | cst.ImportFrom) -> None:
        self.planner = planner
        self.source = planner.meaning.source
        self.tree = planner.tree
        self.node = node
        self.new: list[str] = []

    @property
    def alone(self) -> bool:
        line = self.tree.parents[self.node]
        return isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1

    @property
    def _in_parentheses(self) -> bool:
        return isinstance(self.node, cst.ImportFrom) and self.node.lpar is not None

    def pragma(self) -> str:
        """The comment behind the statement, if it speaks to a tool."""
        line = self.tree.parents[self.node]
        if self.alone and isinstance(line, cst.SimpleStatementLine):
            comment = line.trailing_whitespace.comment
            said = _DIRECTIVE.sub("", comment.value).strip() if comment else ""
            if _PRAGMA.match(said):
                return f"  {said}"
        return ""

    def add(self, statement: str, comments: Sequence[str] = ()) -> None:
        """Ask for `statement` on the line after, once, with comments above and one behind it."""
        *above, behind = comments or ("",)
        text = statement + (behind or self.pragma() if self.alone else "")
        if text not in self.new:
            self.new += [*above, text]

    def add_invoke(self, imported: Import, module: str, local: str) -> None:
        """Ask for an import of the current `invoke` as `local`, for the uses of `imported`."""
        as_ = "" if local == INVOKE_LEAF else f" as {local}"
        self.add(f"from {module} import {INVOKE_LEAF}{as_}")
        self.planner.new_invokes.append((local, imported.binding))

    def edits(self) -> Iterator[Edit]:
        """The edit that brings the new lines, if there are any."""
        if not self.new:
            return
        span = self.tree.spans[self.node]
        if not self.alone:
            text = "".join(f";{self._after_semicolon()}{statement}" for statement in self.new)
            yield Edit(self.source.path, Span(span.end, span.end), text)
            return
        start = self.source.line_span(self.source.position(span.start).line)
        end = self.source.line_span(self.source.position(span.end).line)
        indent = self.source.text[start.start : span.start]
        last = self.source.text[end.start : end.end]
        newline = last[len(last.rstrip("\r\n")) :]
        at = Span(end.end, end.end)
        if newline:
            text = "".join(f"{indent}{statement}{newline}" for statement in self.new)
        else:
            newline = _first_newline(self.source.text)
            text = "".join(f"{newline}{indent}{statement}" for statement in self.new)
        yield Edit(self.source.path, at, text)

    def instead(self) -> Edit:
        """Put the first new line in the statement's place, or take its line out if none is new."""
        span = self.tree.spans[self.node]
        if self.new:
            statement = self.new.pop(0).partition("  #")[0]
            return Edit(self.source.path, span, statement)
        if not self.alone:
            return Edit(self.source.path, span, "pass")
        return self.without_line()

    def without_line(self) -> Edit:
        """Take the statement out with its lines; what its comments tell a person stays."""
        span = self.tree.spans[self.node]
        first = self.source.line_span(self.source.position(span.start).line)
        last = self.source.line_span(self.source.position(span.end).line)
        whole = Span(first.start, last.end)
        texts = (
            self.source.text[one.start : one.end]
            for one in comments(self.source)
            if whole.start <= one.start < whole.end
        )
        return Edit(self.source.path, whole, self._said(whole, texts))

    def dropped(self, aliases: Sequence[cst.ImportAlias]) -> Iterator[Edit]:
        """Take `aliases`, not all, out of the statement; what their comments say stays."""
        for edit, texts in self.removed(aliases):
            yield self.still_said(edit, texts)

    def still_said(self, edit: Edit, texts: Sequence[str]) -> Edit:
        """`edit`, which takes an alias out, without the comments `texts` that go along."""
        return Edit(edit.path, edit.span, self._said(edit.span, map(str.strip, texts)))

    def _said(self, lines: Span, texts: Iterable[str]) -> str:
        """Those of the comments of `lines` that speak to a person, on lines of their own."""
        text = self.source.text[lines.start : lines.end]
        indent = text[: len(text) - len(text.lstrip())]
        newline = text[len(text.rstrip("\r\n")) :] or _first_newline(self.source.text)
        said = (_DIRECTIVE.sub("", one).strip() for one in texts)
        return "".join(f"{indent}{one}{newline}" for one in said if one and not _PRAGMA.match(one))

    def _after_semicolon(self) -> str:
        for statement in self.tree.parents[self.node].body:  # type: ignore[attr-defined]
            if isinstance(statement.semicolon, cst.Semicolon):
                after = statement.semicolon.whitespace_after
                return after.value if isinstance(after, cst.SimpleWhitespace) else " "
        return " "

    def removed(self, aliases: Sequence[cst.ImportAlias]) -> Iterator[tuple[Edit, Sequence[str]]]:
        """Take `aliases`, not all, out of the statement; each with the comments that go along."""
        names = self.node.names
        assert not isinstance(names, cst.ImportStar)
        text = self.source.text
        for place, alias in enumerate(names):
            if alias not in aliases:
                continue
            span = self.tree.spans[alias]
            line = self.source.line_span(self.source.position(span.start).line)
            own = re.fullmatch(
                r"[ \t\f]*(?P<name>[^,#\r\n]*?)[ \t]*,?[ \t]*(?P<comment>#[^\r\n]*)?[\r\n]*",
                text[line.start : line.end],
            )
            if (
                self._in_parentheses
                and self.alone
                and own
                and line.start + own.start("name") == span.start
                and (
                    self.source.position(self.tree.spans[self.node].start).line
                    != self.source.position(span.start).line
                )
                and ")" not in text[span.end : line.end].partition("#")[0]
            ):
                comment = f"  {own['comment']}" if own["comment"] else ""
                first, above = self._comments_above(line.start)
                yield Edit(self.source.path, Span(first, line.end), ""), (*above, comment)
                continue
            later = [other for other in names[place + 1 :] if other not in aliases]
            ends_line = bool(later) and (
                self.source.position(self.tree.spans[later[0]].start).line
                != self.source.position(span.start).line
            )
            if place == 0 or (later and not ends_line):
                following = names[place + 1]
                cut = Span(span.start, self.tree.spans[following].start)
            else:
                kept = [other for other in names[:place] if other not in aliases]
                cut = Span(self.tree.spans[names[place - 1]].end, span.end)
                if not kept:
                    cut = span
            yield Edit(self.source.path, cut, ""), ()

    def _comments_above(self, start: int) -> tuple[int, list[str]]:
        """The lines of nothing but comments directly above, and where they begin."""
        above: list[str] = []
        while start:
            line = self.source.line_span(self.source.position(start - 1).line)
            text = self.source.text[line.start : line.end].strip()
            if not text.startswith("#") or line.start <= self.tree.spans[self.node].start:
                break
            above.insert(0, text)
            start = line.start
        return start, above


def _first_newline(text: str) -> str:
    found = re.search(r"\r\n|\r|\n", text)
    return found[0] if found else "\n"
