"""Which dotted name took the place of which, in Python's spelling and in Elixir's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PYTHON_LEGACY = "pipeline.async_streaming"
PYTHON_CURRENT = "pipeline.streaming"
ELIXIR_LEGACY = "Pipeline.AsyncStreaming"
ELIXIR_CURRENT = "Pipeline.Streaming"
#: The function of the legacy package that went to another module than the rest of it.
INVOKE = f"{PYTHON_LEGACY}.invoke"
#: The keys of a step: what they were, and what they are.
STEP_KEYS = {"async_stream": "stream", "async_handler": "stream_handler"}
# Words to look for come first: what is asked of the characters around is asked behind them.
_KEY = re.compile(rf"(?:{'|'.join(STEP_KEYS)})(?!\w)")

#: The text in front of the full name of an Elixir module, as an atom spells it.
_ELIXIR_ROOT = "Elixir."
_CALLS = tuple(f"{ELIXIR_LEGACY}.{name}" for name in ("invoke!", "invoke"))
# `invoke` alone went to another module than the rest of its namespace.
_MOVED = (
    (f"{PYTHON_LEGACY}.invoke", "pipeline.llm.invoke"),
    (f"{ELIXIR_LEGACY}.invoke!", "Pipeline.LLM.invoke!"),
    (f"{ELIXIR_LEGACY}.invoke", "Pipeline.LLM.invoke"),
    (PYTHON_LEGACY, PYTHON_CURRENT),
    (ELIXIR_LEGACY, ELIXIR_CURRENT),
)


def keys_in(text: str) -> Iterator[int]:
    """Where in `text` a legacy key of a step stands as a word."""
    for match in _KEY.finditer(text):
        start = match.start()
        if not start or not (text[start - 1].isalnum() or text[start - 1] == "_"):
            yield start


def in_namespace(dotted: str, namespace: str) -> bool:
    """Whether `dotted` is `namespace` or stands in it."""
    return dotted == namespace or dotted.startswith(f"{namespace}.")


def current_name(dotted: str) -> str | None:
    """The current name of a legacy name in either spelling; `None` where it is no legacy name."""
    root = _ELIXIR_ROOT if dotted.startswith(_ELIXIR_ROOT + ELIXIR_LEGACY) else ""
    name = dotted[len(root) :]
    for legacy, current in _MOVED:
        if name == legacy or name.startswith((f"{legacy}.", f"{legacy}/", f"{legacy}!")):
            rest = name[len(legacy) :]
            # The context is an argument more.
            return root + current + ("/2" if rest == "/1" and legacy in _CALLS else rest)
    return None


def rule_of(dotted: str) -> str:
    """The id of the rule that the legacy name `dotted`, in either spelling, falls under."""
    leaf = dotted.removeprefix(_ELIXIR_ROOT).partition("/")[0]
    for legacy in (PYTHON_LEGACY, ELIXIR_LEGACY):
        if leaf in (f"{legacy}.invoke", f"{legacy}.invoke!"):
            return "legacy-call"
    return "legacy-handler" if leaf.endswith(".Handler") else "legacy-namespace"
