"""The manual page of a rule without code, made from its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.patterns.forms import Alternative, Path, RuleFile

_UNSAFE = "`migrate apply` makes it with `--unsafe` alone."


def manual(form: RuleFile, language: str) -> str:
    """What it finds, why, before and after, and when its fix is safe."""
    return "\n\n".join("\n".join(part) for part in _parts(form, language) if part)


def _parts(form: RuleFile, language: str) -> Iterator[list[str]]:
    yield [form.summary.rstrip(".") + "."]
    if form.why:
        yield [form.why.strip()]
    changes = list(_changes(form))
    if changes:
        yield ["What it changes:", *(f"  {line}" for line in changes)]
    yield [_safety(form, language)]
    if form.when:
        asked = " and ".join(f"`{name}` is `{_spelled(one)}`" for name, one in form.when.items())
        yield [f"It looks only where the option {asked}."]


def _changes(form: RuleFile) -> Iterator[str]:
    found = (form.find,) if isinstance(form.find, str) else form.find or ()
    for find in found:
        yield _change(find, form)
    if form.every is not None and form.has is not None:
        every = f"every {_line(form.every)}{_around(form)} has {_line(form.has)}"
        yield f"{every}: left to you"
    for one in form.alternatives:
        yield _change(one.find, one)
    renames = (form.rename,) if isinstance(form.rename, str) else form.rename or ()
    yield from renames
    for path in form.paths:
        for text in (path.path,) if isinstance(path.path, str) else path.path:
            yield f"{text}: {_verb(path)}"


def _change(find: str, said: RuleFile | Alternative) -> str:
    found = f"{_line(find)}{_around(said)}"
    if said.replace is None:
        return f"{found}: left to you"
    return f"{found} -> {_line(said.replace)}" if said.replace.strip() else f"{found}: taken out"


def _around(said: RuleFile | Alternative) -> str:
    """What stands around it, and what does not."""
    told = ""
    for word, given in (("inside", said.inside), ("not inside", said.not_inside)):
        texts = (given,) if isinstance(given, str) else given or ()
        if texts:
            told += f" {word} {' or '.join(map(_line, texts))}"
    return told


def _line(code: str) -> str:
    return " ".join(code.split())


def _verb(path: Path) -> str:
    if path.rename is not None:
        return f"the key becomes `{path.rename}`"
    if path.replace is not None:
        return f"the value becomes `{path.replace}`"
    if path.nest is not None:
        return f"below `{path.nest}`"
    if path.add is not None:
        return f"`{path.add}` is added"
    return "taken out" if path.remove else "left to you"


def _changes_something(form: RuleFile) -> bool:
    replaced = (form.replace, *(one.replace for one in form.alternatives))
    verbs = ((one.rename, one.nest, one.replace, one.add, one.remove or None) for one in form.paths)
    given = (form.rename, *replaced, *(verb for path in verbs for verb in path))
    return any(one is not None for one in given)


def _spelled(given: str | bool) -> str:
    return str(given).lower() if isinstance(given, bool) else given


def _safety(form: RuleFile, language: str) -> str:
    if form.applicability == "manual" or not _changes_something(form):
        return "It changes nothing: what it finds is left to you."
    if form.applicability == "review":
        return f"What it would change is for review: {_UNSAFE}"
    if language == "yaml" and form.rename:
        keys = " or ".join(f"`{key}`" for key, most in form.under.items() if most == "safe")
        if not keys:
            return f"A name is for review: {_UNSAFE}"
        return f"A name is safe under {keys}, and elsewhere for review: {_UNSAFE}"
    if form.paths:
        return (
            "A change is safe, unless an alias or a merge key brings what it changes to another "
            "place as well: then it is for review."
        )
    return (
        "A change is safe where the names in it are resolved through the imports of the file; "
        "where they are not, or where code would run otherwise, it is for review."
    )
