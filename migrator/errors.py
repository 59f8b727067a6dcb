"""The errors a user can meet: each says what is wrong, where, and what to do."""

from __future__ import annotations


class MigrateError(Exception):
    """A usage, configuration or pack error: the command prints it and exits with 2."""


class NotAnalysedError(Exception):
    """A file that cannot be read, decoded or parsed; the message is the reason a user is shown."""
