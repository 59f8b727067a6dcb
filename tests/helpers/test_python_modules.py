"""What a file must hold to speak of a thing that another file defines."""

from __future__ import annotations

import pytest

from migrator.engine.words import Groups
from migrator.helpers.python.modules import words_of


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
        ("app/tools/__init__:Own", "from . import Own", True),
        ("app/tools/__init__:Own", "from . import *", True),
        ("app/tools/__init__:Own", "from ..  import*", True),
        ("app/tools/__init__:Own", "from app.tools import *", True),
        ("app/tools/__init__:Own", "from .a import *\nfrom .b import *", False),
        ("app/tools/__init__:Own", "from .others import *  # the best.  Of all", False),
        ("__init__:Own", "from somewhere import Own", True),
    ],
)
def test_a_file_that_speaks_of_a_thing_holds_its_words(place: str, line: str, speaks: bool) -> None:
    assert any(Groups(words_of(place)).held(line.encode(), "python")) is speaks
