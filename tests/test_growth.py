"""The work grows as what is legacy does: counted in calls and files, not in the machine's time."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from in_process import audited, builtin

from migrator.engine.cases import in_memory
from migrator.model import Look

HEAD = """\
from pipeline.async_streaming import Handler, invoke


class Own(Handler):
    def handle_event(self, event):
        if event[0] == "chunk":
            print(event[1])


"""

#: Calls for a file of 24 of something. Where the ways through it multiply with each step, and steps
#: are counted, they are all gone already in a file of four: larger ones take no longer.
MOST = 3_000_000


def calls_of_calls(count: int) -> str:
    """Functions that return what others return: all of them, by as many ways as there are."""
    bodies = (
        f"def f{at}(x):\n    if x:\n        return f{at + 1}(x)\n    if x > 2:\n"
        f"        return f{at + 2}(x)\n    return f{(at * 7) % count}(x)\n\n\n"
        for at in range(count)
    )
    return f"{''.join(bodies)}def go(ctx):\n    return invoke(ctx.prompt, f0(1))\n"


def events_of_calls(count: int) -> str:
    """The same functions, given events, and what comes back asked for its parts in all ways."""
    uses = (
        "        if f0(event) == 'chunk':\n            print(f1(event)[1])\n",
        "        if f0(event)[0] == 'chunk':\n            print(f1(event)[1])\n",
        "        for one in sorted(f0(event)):\n            print(one[0] == 'chunk')\n",
        "        kind, text = f0(event)\n        print(kind == 'chunk', text)\n",
    )
    taken = f"class Takes(Handler):\n    def handle_event(self, event):\n{''.join(uses)}"
    return f"{calls_of_calls(count)}\n\n{taken}"


def attributes_of_attributes(count: int) -> str:
    """A class whose attributes are one another's."""
    sets = "".join(
        f"        self.a{at} = self.a{(at + 1) % count} or self.a{(at * 3) % count}\n"
        for at in range(count)
    )
    gets = "".join(f"    def get{at}(self):\n        return self.a{at}\n\n" for at in range(count))
    uses = "".join(f"        invoke(ctx.prompt, self.a{at})\n" for at in range(count))
    return f"class Many:\n    def __init__(self):\n{sets}\n{gets}    def go(self, ctx):\n{uses}"


def handlers(count: int) -> str:
    """Classes that derive from one another, each with events."""
    return "".join(
        f"class H{at}({f'H{at - 1}' if at else 'Handler'}):\n    def handle_event(self, event):\n"
        f"        match event:\n            case ('chunk', text):\n                print(text)\n\n"
        for at in range(count)
    )


def names_of_names(count: int) -> str:
    """Variables that are bound again and again to one another."""
    lines = (
        f"if n{at}:\n    n{at + 1} = n{at}\nelse:\n    n{at + 1} = n{at // 2}\n"
        for at in range(count)
    )
    return f"n0 = Own()\n{''.join(lines)}invoke(ctx.prompt, n{count})\n"


def pairs_of_pairs(count: int) -> str:
    """Events that are made anew of one another."""
    lines = "".join(
        f"        e{at + 1} = (e{at}[0], e{at}[1] + 'x')\n        if e{at}[0] == 'chunk':\n"
        f"            print(e{at}[1])\n"
        for at in range(count)
    )
    return f"class Anew(Handler):\n    def handle_event(self, e0):\n{lines}"


def collections_of_collections(count: int) -> str:
    """Lists that are made of one another, and filled from one another."""
    lines = "".join(
        f"c{at + 1} = c{at}[:]\nfor key in c{at // 2}:\n    c{at + 1}[key] = c{at}[key]\n"
        f"    c{at}.append(c{at + 1}[key])\n    c{at}.extend(c{at + 1})\n"
        for at in range(count)
    )
    return f"c0 = [Own()]\n{lines}invoke(ctx.prompt, c{count}[0])\n"


def recorded_again(count: int) -> str:
    """Lists that a handler keeps its events in, which are made of one another."""
    lines = "".join(
        f"        self.l{at + 1} = [x for x in self.l{at}] + self.l{at // 2}\n"
        f"        self.l{at}.append(event)\n        self.l{at}.extend(self.l{at + 1})\n"
        f"        print(self.l{at}[0][1])\n"
        for at in range(count)
    )
    return f"class Keeps(Handler):\n    def handle_event(self, event):\n{lines}"


def handlers_of_functions(count: int) -> str:
    """Functions that give what they are given to each other, each of them a handler."""
    lines = "".join(
        f"def f{at}(a, b, h=None):\n    f{(at + 1) % count}(b, a, h or a)\n"
        f"    f{at * 3 % count}(a, h, b)\n    a.handle_event(('chunk', b))\n"
        for at in range(count)
    )
    return f"{lines}def go(ctx):\n    f0(Own(), Own())\n    invoke(ctx.prompt, f0)\n"


def state_by_names(count: int) -> str:
    """A list that outlives a run, by names that are one another's."""
    lines = "".join(
        f"if s{at}:\n    s{at + 1} = s{at}\nelse:\n    s{at + 1} = s{at // 2}\n"
        for at in range(count)
    )
    keeps = f"    def handle_event(self, event):\n        s{count}.append(event)\n"
    return f"s0 = []\n{lines}class Keeps(Handler):\n{keeps}"


def types_of_types(count: int) -> str:
    """Types that are unions of one another."""
    lines = "".join(f"T{at + 1} = Union[T{at}, T{at // 2}, list[T{at}]]\n" for at in range(count))
    uses = "".join(f"def f{at}(ctx, h: T{at}):\n    invoke(ctx.prompt, h)\n" for at in range(count))
    return f"from typing import Union\nT0 = Own\n{lines}{uses}"


def steps_of_steps(count: int) -> str:
    """Steps that take what is said for one another."""
    lines = "".join(
        f"s{at + 1} = {{**s{at}, **s{at // 2}, 'provider': 'x'}}\n" for at in range(count)
    )
    steps = ", ".join(f"s{at}" for at in range(count))
    return f"s0 = {{'type': 'llm', 'async_stream': True}}\n{lines}steps = [{steps}]\n"


def strings_side_by_side(count: int) -> str:
    """One text in many literals."""
    lines = "".join(f"    'line {at}\\n'\n" for at in range(4 * count))
    return f"text = (\n{lines})\n"


def sums_of_sums(count: int) -> str:
    """One expression of many operands."""
    return f"text = {' + '.join(f'n{at}' for at in range(4 * count))}\n"


def calls_in_a_chain(count: int) -> str:
    """Each method called on what the one before gave."""
    return f"query = Own(){''.join(f'.where(n{at})' for at in range(4 * count))}\n"


def branches(count: int) -> str:
    """One `if` of many conditions."""
    tests = "".join(f"elif kind == {at}:\n    n = Own({at})\n" for at in range(2 * count))
    return f"if kind is None:\n    n = None\n{tests}invoke(ctx.prompt, n)\n"


def counted(make: Callable[[int], str], count: int) -> int:
    """How many functions are called to audit the file."""
    found = 0

    def seen(frame: Any, event: str, value: Any) -> None:
        nonlocal found
        found += event == "call"

    data = (HEAD + make(count)).encode()
    sys.setprofile(seen)
    try:
        report = audited({"a.py": data})
    finally:
        sys.setprofile(None)
    assert report.findings
    assert not report.not_analysed
    return found


@pytest.mark.parametrize(
    "make",
    [
        calls_of_calls,
        attributes_of_attributes,
        handlers,
        names_of_names,
        pairs_of_pairs,
        recorded_again,
        handlers_of_functions,
        state_by_names,
        strings_side_by_side,
        sums_of_sums,
        calls_in_a_chain,
        branches,
    ],
)
def test_twice_the_file_is_about_twice_the_work(make: Callable[[int], str]) -> None:
    counted(make, 4)  # what is imported and kept at the first time is no work of the file
    few, many = counted(make, 24), counted(make, 48)
    assert few < MOST
    assert many < 2.6 * few


@pytest.mark.parametrize(
    "make", [events_of_calls, collections_of_collections, types_of_types, steps_of_steps]
)
def test_what_leads_to_each_other_costs_no_more_than_the_square(
    make: Callable[[int], str],
) -> None:
    counted(make, 4)
    few, many = counted(make, 8), counted(make, 24)
    assert many < 9 * few
    assert many < MOST


def test_what_a_file_takes_from_others_is_looked_at_where_it_decides() -> None:
    step = b"step = {'type': 'llm', 'provider': 'claude'}\n"
    files = {
        "app/__init__.py": b"",
        "app/tools.py": b"def made(step):\n    return step\n",
        "app/other.py": b"from .others import *\n# tools\n",
    }
    use = b"from app.tools import made\nmade(step)\n"
    legacy = b"from pipeline.async_streaming import ConsoleHandler\n"
    assert audited({**files, "a.py": legacy + step + use}).counts.parsed == 1
    asked = use.replace(b"(step)", b"(step)['async_stream']")
    assert audited({**files, "a.py": legacy + step + asked}).counts.parsed == 2


def test_what_holds_no_word_is_read_twice_however_many_rounds_there_are() -> None:
    layers = 6
    files = {
        "app/__init__.py": b"",
        "app/layer0.py": HEAD.encode(),
        **{
            f"app/layer{at}.py": f"from .layer{at - 1} import *\n".encode()
            for at in range(1, layers)
        },
        "app/use.py": f"from .layer{layers - 1} import Own\nOwn()\n".encode(),
        "other.py": b"print(1)\n",
    }
    project = in_memory([builtin()], files, Look())
    reads: Counter[str] = Counter()

    def read(path: str) -> bytes | str:
        reads[path] += 1
        return project.read(path)

    audit = replace(project, read=read).audit()
    assert audit.checked.keys() == files.keys() - {"app/__init__.py", "other.py"}
    assert reads["app/use.py"] > layers
    assert reads["other.py"] == 2


def test_names_that_modules_hand_on_to_each_other_do_not_grow() -> None:
    """Each of them means modules of its own by the same names, and imports all of others."""
    files = {
        f"{project}/app/{name}.py": text.encode()
        for project in ("one", "two", "three")
        for name, text in {
            "__init__": "from .handlers import *\nfrom .hooks import *\n",
            "handlers": f"from {project}s import *\n\n\nclass Console:\n    pass\n",
            "hooks": "from . import handlers\nfrom .handlers import *\n",
        }.items()
    }
    names = ("app.hooks.Missing", "app.hooks.handlers.Console", "app.Console")
    steps = "".join(f"- {{type: llm, stream_handler: {name}}}\n" for name in names)
    audit = in_memory([builtin()], {**files, "steps.yaml": steps.encode()}, Look()).audit()
    assert len(audit.rounds) < 6
    assert all(fact.key.count(".") < 5 for fact in audit.look.known)
