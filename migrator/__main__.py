"""`migrate` and `python -m migrator`."""

# No other import before the current folder is off the path: not even one from `__future__`.
import sys

if __name__ == "__main__" and sys.path and sys.path[0] in ("", __import__("os").getcwd()):
    # `python -m` puts the current folder first, where a tree that is only to be read could bring
    # its own `json.py`.
    del sys.path[0]


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    try:
        from migrator.cli.app import run

        code = run()
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
