"""What a file must hold to speak of a thing that another file defines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.engine.words import Groups
from migrator.helpers.python.modules import modules, words_of


@pytest.mark.parametrize(
    ("place", "line", "speaks"),
    [
        ("app/tools:Own", "from app.tools import Own", True),
        ("app/tools:Own", "import tools; tools.Own()", True),
        ("app/tools:Own", "from app import tools", False),
        ("app/tools:Own", "from .tools import *", True),
        ("app/tools:Own", "from .tools import*", True),
        ("app/tools:Own", "from .tools  import *", True),
        ("app/tools:Own", "from .tools\timport*", True),
        ("app/tools:Own", "from .tools \\\r\n    import *", True),
        ("app/tools:Own", "from .tools\\\n  import *", True),
        ("app/tools:Own", "from.tools import  *", True),
        ("app/tools:Own", "from . \\\n  tools\\\r\nimport \\\r*", True),
        ("app/tools:Own", "from app . tools import *", True),
        ("app/tools:Own", "import app; from app.tools import *", True),
        ("app/tools:Own", "try: from app.tools import*\nexcept: pass", True),
        ("app/tools:Own", "class A:\r\tfrom app.tools import*", True),
        ("app/tools:Own", "\ufefffrom app.tools import *", True),
        ("app/tools:Own", "from app import a\nfrom app.tools import *", True),
        ("app/tools:Own", "# not joined \\\nfrom app.tools import *", True),
        ("app/tools:Own", "from app.fromage import a\nfrom app.tools import *", True),
        ("app/tools:Own", "from app import x; from tools import *", True),
        ("app/tools:Own", "\ufefffrom app.tools import *\r\n", True),
        ("app/tools:Own", "# from tools import *", False),
        ("app/tools:Own", "print('use `from tools import *`')", False),
        ("app/tools:Own", "from app.old_tools import *", False),
        ("app/tools:Own", "from tools.others import *", False),
        ("app/tools:Own", "from .others import *  # beside our tools", False),
        ("app/tools/__init__:Own", "from app.tools import *", True),
        ("app/tools/__init__:Own", "from .tools import *", True),
        ("app/tools/__init__:Own", "from .a import *\nfrom .b import *", False),
        ("__init__:Own", "from somewhere import Own", True),
    ],
)
def test_a_file_that_speaks_of_a_thing_holds_its_words(place: str, line: str, speaks: bool) -> None:
    assert _speaks("app/use.py", line, place) is speaks


@pytest.mark.parametrize(
    ("place", "path", "line", "speaks"),
    [
        ("app/tools:Own", "app/__init__.py", "from .tools import *", True),
        ("app/tools:Own", "app/sub/use.py", "from ..tools import *", True),
        ("app/tools:Own", "app/sub/use.py", "from .tools import *", False),
        ("app/tools:Own", "other/use.py", "from .tools import *", False),
        ("app/tools:Own", "other/use.py", "from other.tools import *", False),
        ("app/tools:Own", "other/use.py", "from app.tools import *", True),
        ("app/tools:Own", "other/use.py", "from tools import *", True),
        ("tools:Own", "use.py", "from tools import *", True),
        ("app/tools/__init__:Own", "app/tools/use.py", "from . import Own", True),
        ("app/tools/__init__:Own", "app/tools/use.py", "from . import *", True),
        ("app/tools/__init__:Own", "app/tools/sub/use.py", "from ..  import*", True),
        ("app/tools/__init__:Own", "app/tools/sub/use.py", "from . import*", False),
        ("d\udce9/tools:Own", "d\udce9/use.py", "from .tools import*", True),
    ],
)
def test_an_import_of_everything_is_told_by_where_it_leads(
    place: str, path: str, line: str, speaks: bool
) -> None:
    assert _speaks(path, line, place) is speaks


FOLDER = st.lists(st.sampled_from(["a", "b", "src", "lib", ".."]), max_size=3)
PATH = st.tuples(FOLDER, st.sampled_from(["a", "b", "c", "__init__"])).map(
    lambda one: "/".join((*one[0], f"{one[1]}.py"))
)
NAME = st.lists(st.sampled_from(["a", "b", "c", "src"]), max_size=3).map(".".join)


@settings(max_examples=2000)
@given(st.frozensets(PATH), PATH, st.integers(0, 4), NAME)
def test_where_an_import_of_everything_leads_is_never_missed(
    paths: frozenset[str], importer: str, level: int, name: str
) -> None:
    project = modules(paths | {importer})
    dotted = project.absolute(importer, level, name)
    place = project.place(dotted, importer) if dotted else None
    if place is not None and place.endswith(":"):
        assert _speaks(importer, f"from {'.' * level}{name} import *", f"{place}Own")


def _speaks(path: str, line: str, place: str) -> bool:
    return any(Groups(words_of(place)).held(path, line.encode(), "python"))
