"""What follows from the facts that declared rules tell of Python files; no parser is imported.

See `given`, `reexports`, `derived` and `overriding` for the facts as seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.python.modules import files_of, words_of
from migrator.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GIVES, WANTED, TAKES, KEPT = "import-gives", "import-wanted", "import-takes", "import-kept"
HANDS_ON, HANDED_ON = "import-hands-on", "import-handed-on"
ASKS, ASKED = "import-asks", "import-asked"
SEEKS, SOUGHT = "class-seeks", "class-sought"
DERIVES, DERIVED = "class-derives", "class-derived"
OVERRIDES, OVERRIDDEN = "class-overrides", "class-overridden"


def learn(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Whom it concerns: files that may take a name, and the file that has it."""
    for key in sorted({fact.key for fact in facts if fact.kind == GIVES}):
        yield Fact(WANTED, key, words=words_of(key))
    for key in sorted({fact.key for fact in facts if fact.kind == TAKES}):
        yield Fact(KEPT, key, files=files_of(key))
    for key in sorted({fact.key for fact in facts if fact.kind == ASKS}):
        yield Fact(ASKED, key, words=(tuple(key.split(".")[:-1]),))
    for key in sorted({fact.key for fact in facts if fact.kind == SEEKS}):
        yield Fact(SOUGHT, key, words=(tuple(dict.fromkeys(reversed(key.split(".")))),))
    overridden: dict[tuple[str, str], str] = {}
    for fact in facts:
        if fact.kind == OVERRIDES and isinstance(fact.value, tuple):
            method, class_ = fact.value
            place = f"`{class_}` in `{fact.path}`"
            overridden[fact.key, method] = min(place, overridden.get((fact.key, method), place))
    for (key, method), place in sorted(overridden.items()):
        yield Fact(OVERRIDDEN, key, (method, place), words=((method,),))
    for fact in facts:
        if fact.kind == HANDS_ON:
            yield Fact(HANDED_ON, fact.key, fact.value, words=words_of(fact.key))
        elif fact.kind == DERIVES:
            yield Fact(DERIVED, fact.key, fact.value, words=words_of(fact.key))
