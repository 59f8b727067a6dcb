"""What of one form can become what of another, and how that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.patterns.holes import Snippet


def unlike(find: str, replace: str) -> str | None:
    """Why what has the form `find` cannot become what has the form `replace`."""
    if find == "import":
        return "what an import becomes cannot be said: give `rename`"
    if find == "blocks":
        return "what has several bodies, or decorators above it, is only found"
    if replace in ("import", "blocks"):
        return "must be an expression, a statement, or a block with one body and no decorators"
    if find != replace and "decorator" in (find, replace):
        return "a decorator becomes a decorator, and nothing else does: begin both with `@`"
    if find != replace and "block" in (find, replace):
        return "a block becomes a block with the body `...`, which stays: only its head is written"
    return None


def unremovable(form: str) -> str | None:
    """Why what has that form cannot be taken out."""
    if form == "import":
        return "an import goes by itself where nothing uses it any more"
    if form in ("block", "blocks"):
        return "what is empty takes a statement or a decorator out, and no block with its body"
    return None


def told(find: Snippet, replace: Snippet | None, summary: str, *, removes: bool) -> str:
    """What a finding says where its rule says nothing: that `find` goes, or becomes another."""
    if removes:
        return f"`{' '.join(find.text.split())}` goes"
    if replace is None:
        return summary.rstrip(".")
    before, after = (" ".join(one.text.split()) for one in (find, replace))
    lines = [" ".join(line.split()) for line in replace.text.splitlines() if line.strip()]
    if replace.form != "decorator" and len(lines) == len((*replace.above, replace, *replace.below)):
        after = "; ".join(lines)
    return f"`{before}` is now `{after}`"
