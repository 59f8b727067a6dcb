"""Names that lead back to themselves end: an extension module bears the name of what it holds."""

from __future__ import annotations

import pytest
from in_process import audited, planned

USER = b"""\
from pipeline.async_streaming import invoke
from pkg import Own, speed

def go(ctx):
    invoke(ctx.prompt, Own())
    invoke(ctx.prompt, speed.Handler())
    invoke(ctx.prompt, speed)
"""
BODY = b"""
from pipeline.async_streaming import Handler

class Own(Handler):
    def handle_event(self, event):
        pass
"""


@pytest.mark.parametrize(
    "imports",
    [
        b"from ._fast import *\n",
        b"from .speed import speed\n",
        b"from .speed import *\nfrom . import speed\n",
        b"from . import speed\n",
        b"from .speed import other as speed\nfrom .speed import speed as other\n",
    ],
)
def test_a_name_that_leads_to_itself_ends(imports: bytes) -> None:
    files = {"pkg/__init__.py": imports + BODY, "user.py": USER}
    assert {one.finding.path for one in audited(files).findings} == set(files)
    assert {change.path for change in planned(files).changes} == set(files)


@pytest.mark.parametrize("line", [b"again = again", b"again, other = other, again"])
def test_a_variable_that_is_given_itself_ends(line: bytes) -> None:
    files = {"own.py": BODY + b"        for event in []:\n            " + line + b"\n"}
    assert {one.finding.rule for one in audited(files).findings} == {"legacy-handler"}
