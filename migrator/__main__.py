"""`migrate` and `python -m migrator`."""

# No other import before the tree is off the path: not even one from `__future__`.
import os
import sys


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    try:
        _leave_the_tree()
        from migrator.cli.app import run

        code = run()
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _leave_the_tree() -> None:
    """Import nothing from the current folder, nor from what `PYTHONPATH` names relative to it.

    `python -m` puts it first, and an empty part of `PYTHONPATH` stands for it: a tree that is only
    to be read could bring its own `json.py`. Where this package itself lies is trusted.
    """
    try:
        here = os.getcwd()  # noqa: PTH109
    except OSError:
        return  # it is gone, and there is nothing in it
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    relative = ["", *(one for one in named if not os.path.isabs(one))]  # noqa: PTH117
    tree = {os.path.normpath(os.path.join(here, one)) for one in relative} - {own}  # noqa: PTH118
    sys.path[:] = [one for one in sys.path if (one or here) not in tree]


if __name__ == "__main__":
    main()
