"""`migrate` and `python -m migrator`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    from migrator.cli.app import run

    sys.exit(run())


if __name__ == "__main__":
    # `python -m` puts the current folder first on the path, where a tree that is only to be read
    # could bring its own `json.py`.
    if sys.path and sys.path[0] in ("", __import__("os").getcwd()):
        del sys.path[0]
    main()
