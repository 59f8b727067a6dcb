"""The facts of handlers and models: what each language tells, and how they are looked up.

Whoever names a handler or a model in a step yields `handler_use` (`handler_held` where the step
holds the handler itself, `handler_inherited` where it has the name from elsewhere) and
`step_model`. The rule `handler-not-found` then asks for the
definitions (`handler-wanted`, a fact that is learnt), and a file that may hold one (`wanted_here`)
answers with `handler_def`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from migrator import Fact
from migrator.helpers.python.modules import files_of, modules

from ._names import ELIXIR_CURRENT, PYTHON_CURRENT, current_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator import Look, Span

HANDLER_USE = "handler-use"
HANDLER_HELD = "handler-held"
HANDLER_INHERITED = "handler-inherited"
HANDLER_DEF = "handler-def"
HANDLER_BASES = "handler-bases"
HANDLER_HIDDEN = "handler-hidden"
HANDLER_WANTED = "handler-wanted"
STEP_MODEL = "step-model"
NAMED_PROCESS = "named-process"
CURRENT_LIBRARY = "current-library"

#: Shapes of a definition: see `handler_def`.
TAKES = "takes"
REFUSES = "refuses"
BASES = "bases"
CALLED = "called"
ANY = "any"
STARRED = "starred"
UNKNOWN = "unknown"


_PYTHON = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_ELIXIR = re.compile(r"(?:Elixir\.)?[A-Z]\w*(?:\.[A-Z]\w*)*")
# A name of one part is a module's where it has small letters, and is no word that YAML has a
# meaning for.
_MODULE = re.compile(r"(?!(?:True|False|Yes|No|On|Off|Null|None)\b)[A-Z]\w*[a-z]\w*")
_CAPTURE = re.compile(rf"&?({_ELIXIR.pattern})\.handle_event(?:/1)?")


class Step(NamedTuple):
    """Tells a step: what to call it, and where it begins in its file (in characters)."""

    label: str
    start: int


def is_elixir(name: str) -> bool:
    """Whether every part of the dotted `name` is spelled like an Elixir module."""
    return _ELIXIR.fullmatch(name) is not None


def handler_use(name: str, step: Step | None, path: str, span: Span) -> Fact | None:
    """The name of a handler at `span`, which `step` has, or no step before it inherits the name.

    `None` where `name` is no name that can be looked up.
    """
    key = _handler(name)
    return Fact(HANDLER_USE, key, tuple(step or ()), path, span) if key else None


def handler_inherited(name: str, step: Step, path: str, span: Span) -> Fact | None:
    """A step has the handler `name` from elsewhere, by what stands at `span`; as `handler_use`."""
    key = _handler(name)
    return Fact(HANDLER_INHERITED, key, tuple(step), path, span) if key else None


def _handler(name: str) -> str | None:
    """What is looked up for the handler `name`, as it will be called after its rename.

    A dotted name, with `:` (`module:Class`) as a dot, or a module of Elixir, without the `Elixir.`
    that stands for the root of all names; `&Module.handle_event/1` names the module.
    """
    capture = _CAPTURE.fullmatch(name)
    dotted = (capture[1] if capture else name.replace(":", ".")).removeprefix("Elixir.")
    if not (_PYTHON.fullmatch(dotted) or _MODULE.fullmatch(dotted)):
        return None
    return current_name(dotted) or dotted


def handler_held(place: str, path: str, span: Span) -> Fact:
    """A step holds as its handler what the Python sources define at `place`, or an instance."""
    return Fact(HANDLER_HELD, place, path=path, span=span)


def handler_wanted(name: str, look: Look) -> Fact:
    """To be learnt: the definition of `name`, a dotted name or a Python place, decides elsewhere.

    The modules that may hold it are looked at: of Python by their path, of Elixir by their name.
    """
    files = {file for place in places(name, look) for file in files_of(place)}
    words: list[tuple[str, ...]] = []
    if is_elixir(name):
        words.append(("defmodule", name.rpartition(".")[2]))
        if in_library(name):
            words.append(("defmodule", *ELIXIR_CURRENT.split(".")))
    return Fact(HANDLER_WANTED, name, words=tuple(words), files=tuple(sorted(files & look.paths)))


def in_library(name: str) -> bool:
    """Whether `name` is in the current namespace of the library, in either spelling."""
    return any(
        name == namespace or name.startswith(f"{namespace}.")
        for namespace in (PYTHON_CURRENT, ELIXIR_CURRENT)
    )


def handler_def(place: str, shape: str, value: str | tuple[str, ...], path: str) -> Fact:
    """What stands at `place` (`src/app/handlers:Console`, an Elixir module), as a handler.

    `TAKES`: it takes one event: a class whose own `handle_event` does, a function that does, an
    instance of such a class. `REFUSES`: it does not, and `value` says why ("its `handle_event`
    takes two arguments"). `BASES`: a class without `handle_event` of its own; `value` names its
    bases, as places or dotted names, in order. `CALLED`: the same, and its instances can be called
    as they are. `ANY`: an import, or what a class may have of its
    bases; `value` names what it may lead to: several where it comes by star imports or there are
    several bases, none where there is no base. `STARRED`: the same for what star imports may bring.
    `UNKNOWN`: it exists, and no more can be told.
    """
    return Fact(HANDLER_DEF, place, (shape, value), path)


def handler_bases(place: str, bases: tuple[str, ...], path: str) -> Fact:
    """The class at `place`, whose own `handle_event` decides, has these bases, in order."""
    return Fact(HANDLER_BASES, place, bases, path)


def handler_hidden(place: str, path: str) -> Fact:
    """What stands at `place` is not among what a star import of its module brings."""
    return Fact(HANDLER_HIDDEN, place, path=path)


def wanted_here(path: str, wanted: Iterable[str], look: Look) -> Iterator[str]:
    """The qualified names that the Python module at `path` is asked to define, without repeats.

    `wanted` are the names in facts of the kind `HANDLER_WANTED`. For each of them that the module
    does define, by an import too, it yields a `handler_def`.
    """
    own = path.rpartition(".")[0]
    asked = (place for name in wanted for place in places(name, look))
    names = {name for module, _, name in (place.partition(":") for place in asked) if module == own}
    yield from sorted(names)


def places(name: str, look: Look) -> list[str]:
    """The places of the Python sources at which `name` may be defined; a place is its own.

    The longest match of a module comes first.
    """
    if ":" in name:
        return [name]
    parts = tuple(name.split("."))
    return [
        f"{module}:{'.'.join(parts[length:])}"
        for length in range(len(parts) - 1, 0, -1)
        for module in modules(look.paths).ending(parts[:length])
    ]


def step_model(provider: str, model: str, step: Step, path: str, span: Span) -> Fact:
    """A step names its provider and its model; `span` is where the model stands."""
    return Fact(STEP_MODEL, provider, (model, *step), path, span)


def named_process(name: str, what: str, path: str, span: Span) -> Fact:
    """The Elixir module `name` is (or starts) a process under a fixed name.

    `what` says which: "an Agent", "a GenServer".
    """
    return Fact(NAMED_PROCESS, name, what, path, span)


def current_library(path: str) -> Fact:
    """The Elixir library's current namespace is itself among the sources."""
    return Fact(CURRENT_LIBRARY, "", path=path)
