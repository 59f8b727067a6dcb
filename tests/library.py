"""The library, legacy and current, as far as generated programs use it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.util import decode_source, spec_from_loader
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.machinery import ModuleSpec


@contextmanager
def library(*, legacy: bool) -> Iterator[None]:
    """The library as far as the programs use it."""

    class Handler:
        def handle_event(self, event: Any) -> None:
            raise NotImplementedError

    class Tee(Handler):
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def handle_event(self, event: Any) -> None:
            self.inner.handle_event(event)

    def events(text: str) -> Iterator[Any]:
        for part in text.split():
            yield ("chunk", part) if legacy else ("delta", {"content": part})
        last = {"content": text, "tokens": 2, "finish_reason": "stop"}
        yield ("complete", text) if legacy else ("done", last)

    def old(prompt: str, handler: Any, **options: Any) -> str:
        take = handler if callable(handler) else handler.handle_event
        for event in events(prompt):
            take(event)
        return f"{prompt} {options}"

    def new(ctx: Any, *, prompt: str, stream: bool, on_event: Any, **options: Any) -> str:
        assert stream is True and ctx.prompt
        for event in events(prompt):
            on_event(event)
        return f"{prompt} {options}"

    package, streaming, llm = (ModuleType(name) for name in ("pipeline", "streaming", "llm"))
    streaming.Handler, streaming.Tee = Handler, Tee  # type: ignore[attr-defined]
    names = {"pipeline": package}
    if legacy:
        streaming.invoke = old  # type: ignore[attr-defined]
        package.async_streaming = streaming  # type: ignore[attr-defined]
        names["pipeline.async_streaming"] = streaming
    else:
        llm.invoke = new  # type: ignore[attr-defined]
        package.streaming, package.llm = streaming, llm  # type: ignore[attr-defined]
        names |= {"pipeline.streaming": streaming, "pipeline.llm": llm}
    before = {name: sys.modules.get(name) for name in list(sys.modules) if "pipeline" in name}
    sys.modules.update(names)
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
        sys.modules.update({name: module for name, module in before.items() if module})


class Files(MetaPathFinder, InspectLoader):
    """Imports modules from `files` in memory, and forgets them afterwards."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = {
            path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): (path, data)
            for path, data in files.items()
        }

    def __enter__(self) -> None:
        sys.meta_path.insert(0, self)

    def __exit__(self, *_: object) -> None:
        sys.meta_path.remove(self)
        for name in self._files:
            sys.modules.pop(name, None)

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        return spec_from_loader(name, self) if name in self._files else None

    def is_package(self, name: str) -> bool:
        return self._files[name][0].endswith("__init__.py")

    def get_source(self, name: str) -> str:
        return decode_source(self._files[name][1])


def outcome(program: bytes, *, legacy: bool) -> Any:
    """What `run` of the program gives, for two words as prompt."""
    return outcome_of({"program.py": program}, "program", legacy=legacy)


def outcome_of(files: Mapping[str, bytes], main: str, *, legacy: bool) -> Any:
    """What `run` in the module `main` of a project gives, for two words as prompt."""
    with library(legacy=legacy), Files(files):
        return import_module(main).run(SimpleNamespace(prompt="one two"))
