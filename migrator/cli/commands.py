"""The subcommands of `migrate`; a command's module is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from migrator.cli.page import COMMANDS, HELP, VERSION
from migrator.errors import meant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.shell_completion import CompletionItem


class _Commands(click.Group):
    """Its help is a page of its own, so that no command is imported for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"migrator.cli.{cmd_name}").command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        names = [
            CompletionItem(name, help=summary)
            for name, summary in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def get_help(self, ctx: click.Context) -> str:
        return HELP

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"no such command `{args[0]}`; {meant(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(message=VERSION)
def group() -> None:
    pass


def run(args: Sequence[str] | None) -> int:
    """Run the command that `args` name; its exit code, 2 where they cannot be understood."""
    try:
        result = group.main(args, prog_name="migrate", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort as error:
        raise error.__cause__ or KeyboardInterrupt from None
    return result if isinstance(result, int) else 0
