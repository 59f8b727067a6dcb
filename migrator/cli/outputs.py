"""Where the reports of a run go: each format to a file or to standard output."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from migrator.cli import complete
from migrator.cli.options import terminal_width, use_color
from migrator.errors import MigrateError, meant
from migrator.languages import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.model import Report

#: Each is a module or package of `migrator.reports`.
FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html")
_SUMMARY = "GITHUB_STEP_SUMMARY"
_SUMMARY_LIMIT = 1024 * 1024


class Output(NamedTuple):
    """A format and the file it goes to; `None` is standard output."""

    form: str
    file: Path | None = None


#: For a person: it alone has colours, and is as wide as the terminal.
_TERMINAL = Output("text")


def _parsed(
    ctx: click.Context, param: click.Parameter, given: tuple[str, ...]
) -> tuple[Output, ...]:
    """Each of `FORMAT` or `FORMAT=FILE`."""
    found = []
    for value in given:
        form, equals, file = value.partition("=")
        if form not in FORMATS:
            told = f"no format is called `{form}`; {meant(form, FORMATS)}"
            raise click.BadParameter(told, ctx, param)
        if equals and not file:
            raise click.BadParameter(f"`{value}` names no file after the `=`", ctx, param)
        found.append(Output(form, _file(Path(file)) if file else None))
    return tuple(found)


format_option = click.option(
    "--format",
    "formats",
    callback=_parsed,
    multiple=True,
    metavar="FORMAT[=FILE]",
    shell_complete=complete.formats,
    help=f"How the report is written: {', '.join(FORMATS)}; with `=FILE`, into that file. May be "
    "given again, for several reports of one run; one of them can go to standard output.  "
    "[default: text]",
)
file_option = click.option(
    "--output-file",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Write the report there instead of to standard output, which is `-`. With several "
    "formats, give a file for each that has none by itself, in their order.  "
    "[default: standard output]",
)


def outputs(formats: Sequence[Output], files: Sequence[Path]) -> list[Output]:
    """What is to be written where; raises `MigrateError` where that cannot be."""
    found = list(formats) or [Output("text")]
    free = [number for number, output in enumerate(found) if output.file is None]
    if files and len(files) != len(free):
        raise MigrateError(
            f"{len(files)} --output-file for {len(free)} --format without a file; "
            "write `--format FORMAT=FILE`"
        )
    for number, file in zip(free, files, strict=False):
        found[number] = Output(found[number].form, _file(file))
    printed = [output.form for output in found if output.file is None]
    if len(printed) > 1:
        raise MigrateError(
            "only one report can go to standard output; give the others a file: "
            f"`--format {printed[0]}=FILE`"
        )
    named = [output.file for output in found if output.file is not None]
    for file in named:
        if named.count(file) > 1:
            raise MigrateError(f"{file}: two reports cannot be written to one file")
        _check(file)
    return found


def _file(named: Path) -> Path | None:
    """The file that is meant, `None` for standard output."""
    return None if str(named) == "-" else named


def _check(file: Path) -> None:
    """Raise `MigrateError` where a report cannot be written to `file`: before the run, not after.

    A link is not written through: in a tree that somebody else made it may lead anywhere. What is
    no regular file, such as `/dev/stdout`, is. A source is not written over: no report is called
    like one, but a shell may put the first of several names there.
    """
    if file.is_dir():
        raise MigrateError(f"{file}: is a folder; name a file for the report")
    if file.is_symlink() and (file.is_file() or not file.exists()):
        raise MigrateError(f"{file}: is a symbolic link, and links are not written through")
    if file.suffix in SUFFIXES and file.exists():
        raise MigrateError(f"{file}: is a source file; name another one for the report")
    if not file.parent.is_dir():
        raise MigrateError(
            f"{file}: there is no folder {file.parent} for the report: make it first"
        )


def write(report: Report, wanted: Sequence[Output]) -> None:
    """Write `report` in every format that is wanted; raises `MigrateError` where a file fails."""
    made = [(file, _rendered(report, form)) for form, file in wanted if (form, file) != _TERMINAL]
    for file, data in made:
        if file is None:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            continue
        _check(file)
        try:
            file.write_bytes(data)
        except OSError as error:
            raise MigrateError(f"{file}: {error.strerror}; the report is not written") from None
    if _TERMINAL in wanted:
        from migrator.reports import text

        text.render(report, sys.stdout, color=use_color(sys.stdout), width=terminal_width())
    if any(output.form == "github" for output in wanted) and os.environ.get(_SUMMARY):
        _summarise(report, Path(os.environ[_SUMMARY]))


def _rendered(report: Report, form: str) -> bytes:
    """The report as bytes that are the same wherever they go: UTF-8, with LF."""
    sink = io.StringIO(newline="\n")
    import_module(f"migrator.reports.{form}").render(report, sink)
    return sink.getvalue().encode()


def _summarise(report: Report, file: Path) -> None:
    """Append the report to the summary of the step, which GitHub drops where it is too large."""
    from migrator.reports import markdown

    sink = io.StringIO(newline="\n")
    try:
        room = _SUMMARY_LIMIT - (file.stat().st_size if file.exists() else 0)
        markdown.render(report, sink, limit=room)
        data = sink.getvalue().encode()
        if len(data) > room:
            raise MigrateError("is full")
        with file.open("ab") as summary:
            summary.write(data)
    except (OSError, MigrateError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        click.echo(f"warning: {file}: {why}; there is no summary of the step", err=True)
