"""Which files hold the words that were looked for: what is known is not read for again."""

from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from migrator.engine.concordance import Concordance
from migrator.engine.words import Groups

WORDS = st.sampled_from(["alpha", "beta", "gamma", "delta", "\0tools import *"])
GROUPS = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(tuple), max_size=6)
LINES = st.sampled_from(["alpha", "beta", "gamma", "alphabet", "from .tools import *"])
FILES = st.dictionaries(
    st.sampled_from(["a.py", "b.py", "c.py", "d.py"]), st.lists(LINES).map("\n".join)
)


def holding(groups: list[tuple[str, ...]], text: str) -> bool:
    return any(Groups(groups).held("a.py", text.encode(), "python"))


@given(FILES, GROUPS, GROUPS)
def test_what_is_told_from_words_that_were_looked_for_is_all_there_is(
    files: dict[str, str], first: list[tuple[str, ...]], second: list[tuple[str, ...]]
) -> None:
    concordance = Concordance()
    groups = Groups(first)
    for path, text in files.items():
        list(groups.held(path, text.encode(), "python", partial(concordance.note, path)))
    concordance.looked(groups.first, files)
    likely, others = concordance.split(second, files)
    known = [group for group in second if group not in others]
    assert {path for path, text in files.items() if holding(known, text)} <= likely
    assert not any(set(group) & set(groups.first) for group in others)


def test_of_a_file_that_was_not_asked_nothing_is_known() -> None:
    concordance = Concordance()
    concordance.note("a.py", "alpha")
    concordance.looked(["alpha"], ["a.py"])
    assert concordance.split([("alpha", "beta")], ["a.py"]) == ({"a.py"}, [])
    assert concordance.split([("alpha", "beta")], ["a.py", "b.py"]) == (set(), [("alpha", "beta")])
