"""The types of `pack.yaml`: what may be written in it, checked strictly when it is read."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from migrator.patterns.forms import OptionForm  # noqa: TC001 (msgspec reads it)


class ItemForm(Struct, forbid_unknown_fields=True, rename="kebab", frozen=True, kw_only=True):
    """An item of the guide's checklist, and the rules it rests on."""

    id: Annotated[str, Meta(description="Unique in the pack", min_length=1)]
    title: Annotated[str, Meta(description="What holds when it is done")] = ""
    section: Annotated[str, Meta(description="Where the guide asks for it")] = ""
    rules: Annotated[
        tuple[str, ...], Meta(description="The rules of which no finding may be left")
    ] = ()
    counts: Annotated[
        Literal["error", "advice"],
        Meta(description="`advice`: what is only recommended keeps it open as well"),
    ] = "error"
    needs: Annotated[
        Literal["every-file-analysed"] | None,
        Meta(description="Open as well while a file could not be analysed"),
    ] = None
    by: Annotated[
        Literal["verify"] | None, Meta(description="Answered by `migrate verify` and no rule")
    ] = None
    language: Annotated[
        str | None, Meta(description="The language whose files alone it asks about")
    ] = None


class PackForm(Struct, forbid_unknown_fields=True, rename="kebab", frozen=True, kw_only=True):
    """A pack: the rules of one migration, and its guide's checklist."""

    id: Annotated[str, Meta(description="What `--pack` and configurations call it", min_length=1)]
    version: Annotated[str, Meta(description="The pack's own version")]
    title: Annotated[str, Meta(description="From what to what it migrates")]
    on_request: Annotated[
        bool, Meta(description="It comes with migrate, and runs only if `--pack` names it")
    ] = False
    guide: Annotated[
        str | None,
        Meta(description="The guide in Markdown, in the pack's folder; its examples are tested"),
    ] = None
    legacy_words: Annotated[
        tuple[str, ...],
        Meta(description="A file that holds one of these and cannot be analysed is reported"),
    ] = ()
    options: Annotated[
        dict[str, OptionForm], Meta(description="What a project may configure, by name")
    ] = {}
    uses: Annotated[
        dict[str, tuple[str, ...]],
        Meta(
            description="For Elixir: what `use` of a library's module brings, by the module, each "
            "as `import Module`, `alias Module` or `alias Module, as: Short`"
        ),
    ] = {}
    checklist: Annotated[tuple[ItemForm, ...], Meta(description="The guide's checklist")] = ()
