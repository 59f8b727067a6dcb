"""What `migrate --help` and `migrate --version` print, known without any command or click."""

from __future__ import annotations

from migrator import __version__

#: The commands in the order of the help page; each is a module of `migrator.cli`.
COMMANDS = {
    "audit": "Report what is left of the old API, and why, with the checklist.",
    "apply": "Make the edits that are proven, and no others.",
    "undo": "Take the last apply back, byte for byte.",
    "verify": "Run the project's own validation, and keep the outcome.",
    "gate": "Audit in a pipeline: fail on what is new.",
    "baseline": "Write down what there is, so that only what is new fails.",
    "explain": "Print all that is known about one place.",
    "rules": "List, show, test and begin the rules of packs.",
}
VERSION = f"migrate, version {__version__}"
HELP = """\
Usage: migrate [OPTIONS] COMMAND [ARGS]...

  Carry a code base from an old API to a new one.

  migrate audit .            what is left, and why; changes nothing
  migrate apply --dry-run .  the change that would be made, as a patch
  migrate apply .            make it
  migrate undo               take the last apply back
  migrate verify             run the project's own validation, for the checklist
  migrate gate               audit in a pipeline: fail on what is new
  migrate baseline           note what there is, so that only what is new fails
  migrate rules              list, show and test rules and packs
  migrate explain FILE:LINE  all that is known about one place

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
""" + "\n".join(f"  {name:<8}  {summary}" for name, summary in COMMANDS.items())

#: What is printed for a command line that is nothing but one of these words.
ANSWERS = {"--version": VERSION, "--help": HELP, "-h": HELP}
