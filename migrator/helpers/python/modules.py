"""Which file of the project a dotted Python name leads to."""

from __future__ import annotations

from functools import cache, cached_property, lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from migrator.languages.python_stars import star
from migrator.model import Paths

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Set

    from migrator.model import Asked

SUFFIXES = (".py", ".pyi", ".pyw")
# Folders that commonly stand on the import path without being packages themselves.
_IMPORT_ROOTS = frozenset({"lib", "python", "src"})


class Modules:
    """The project's Python modules by the names they can be imported under.

    A thing of the project is told by its *place*: the path of its module without suffix, a colon
    and its qualified name: `src/app/handlers:Console`. The module itself is `src/app/handlers:`.
    """

    def __init__(self, paths: frozenset[str]) -> None:
        self._packages: set[str] = set()
        self._near = cache(lambda importer: PurePosixPath(importer).parent.parts)
        self._known: dict[tuple[str, str], str | None] = {}
        self._places: list[str] = []
        self._by_last: dict[str, list[str]] = {}
        for path in sorted(paths):
            place, dot, suffix = path.rpartition(".")
            if dot + suffix not in SUFFIXES:
                continue
            name = _name(place)
            if name:
                self._places.append(place)
                self._by_last.setdefault(name.rpartition("/")[2], []).append(place)
            if len(name) < len(place):
                self._packages.add(str(PurePosixPath(path).parent))

    @cached_property
    def _parts(self) -> frozenset[str]:
        return frozenset(part for place in self._places for part in _name(place).split("/") if part)

    def has_part(self, name: str) -> bool:
        """Whether `name` is a part of the path of any module."""
        return name in self._parts

    def package(self, path: str) -> tuple[str, ...]:
        """The dotted parts of the package that the module at `path` stands in."""
        folder = PurePosixPath(path).parent
        if str(folder) not in self._packages:
            parts = folder.parts
            while parts and (parts[0] in _IMPORT_ROOTS or parts[0] in ("/", "..")):
                parts = parts[1:]
            return parts
        top = folder
        while str(top.parent) in self._packages and top.parent != top:
            top = top.parent
        return folder.parts[len(top.parts) - 1 :]

    def absolute(self, path: str, level: int, module: str) -> str | None:
        """The dotted name that `from <level dots><module>` means in the file at `path`."""
        if not level:
            return module
        package = self.package(path)
        if level > len(package):
            return None
        base = package[: len(package) - (level - 1)]
        return ".".join((*base, *([module] if module else [])))

    def place(self, dotted: str, importer: str) -> str | None:
        """Where `dotted`, as the file `importer` would import it, stands in the project."""
        key = dotted, importer.rpartition("/")[0]
        if key not in self._known:
            self._known[key] = self._place(dotted, importer)
        return self._known[key]

    def _place(self, dotted: str, importer: str) -> str | None:
        parts = tuple(dotted.split("."))
        for length in range(len(parts), 0, -1):
            module = self._find(parts[:length], importer)
            if module is not None:
                return f"{module}:{'.'.join(parts[length:])}"
        return None

    def ending(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """The places, without colon, of the modules whose names end with these parts."""
        return tuple(place for _, place in self._ending(parts))

    def _ending(self, parts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """The same, each with the folder that the first of the parts stands in."""
        whole = "/".join(parts)
        behind = f"/{whole}"
        for place in self._by_last.get(parts[-1], ()):
            name = _name(place)
            if name == whole:
                yield "", place
            elif name.endswith(behind):
                yield name[: -len(behind)] or "/", place

    def _find(self, parts: tuple[str, ...], importer: str) -> str | None:
        near = self._near(importer)
        best: list[tuple[int, str]] = []
        for root, place in self._ending(parts):
            if root in self._packages:
                continue  # it is imported under a longer name
            common = 0
            for ours, theirs in zip(near, PurePosixPath(root).parts, strict=False):
                if ours != theirs:
                    break
                common += 1
            best.append((common, place))
        best.sort(key=lambda entry: -entry[0])
        if not best or (len(best) > 1 and best[0][0] == best[1][0]):
            return None
        return best[0][1]


def _name(place: str) -> str:
    """The path of the module at `place` by which it is imported: for a package, its folder.

    There are thousands in a project: what is kept of each is one text.
    """
    return "" if place == "__init__" else place.removesuffix("/__init__")


def files_of(place: str) -> tuple[str, ...]:
    """The files that the module of `place` may be, by suffix."""
    module = place.partition(":")[0]
    return tuple(f"{module}{suffix}" for suffix in SUFFIXES)


def words_of(place: str) -> tuple[tuple[str, ...], ...]:
    """What a file must hold to speak of `place`: all words of one group.

    It names the module, for which dots do inside a package, and the thing in it; or it imports all
    that is in the module.
    """
    module, _, qualname = place.partition(":")
    name = (qualname.rpartition(".")[2],) if qualname else ()
    parts = [part for part in module.split("/") if part not in ("__init__", "..")]
    if not parts:
        return (name,) if name else (("import",),)
    stem = parts[-1]
    groups = [(stem, *name), (star(stem),)]
    if len(parts) > 1:
        groups.append((star(*parts),))
    if module.endswith("__init__"):
        groups.append(("from .", *name))
    return tuple(groups)


class _Asked(Modules):
    """The same, where it is remembered what was asked."""

    def __init__(self, paths: Paths) -> None:
        self._of = modules(paths.every)
        self._remember = paths.remember

    def has_part(self, name: str) -> bool:
        return self._remember(("has_part", name), self._of.has_part(name))

    def package(self, path: str) -> tuple[str, ...]:
        return self._remember(("package", path), self._of.package(path))

    def place(self, dotted: str, importer: str) -> str | None:
        return self._remember(("place", dotted, importer), self._of.place(dotted, importer))

    def ending(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        return self._remember(("ending", *parts), self._of.ending(parts))


def modules(paths: Set[str]) -> Modules:
    """The `Modules` of a project, made once for its set of paths."""
    return _Asked(paths) if isinstance(paths, Paths) else _modules(frozenset(paths))


@lru_cache(maxsize=4)
def _modules(paths: frozenset[str]) -> Modules:
    return Modules(paths)


def answers_alike(asked: Asked, paths: frozenset[str]) -> bool:
    """Whether all that was asked of other paths has the same answers of these."""
    known = modules(paths)
    ask: dict[str, Callable[..., Hashable]] = {
        "in": paths.__contains__,
        "has_part": known.has_part,
        "package": known.package,
        "place": known.place,
        "ending": lambda *parts: known.ending(parts),
    }
    return all(ask[name](*about) == answer for (name, *about), answer in asked)
