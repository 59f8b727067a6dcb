"""A lambda given as handler.

The guide prefers functions that can be tested: name the function and pass it on.

    invoke(prompt=ctx.prompt, handler=lambda event: print(event[1]))

Advice: nothing is edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (("async_streaming", "lambda"),)


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    import libcst as cst

    from migrator import Finding, Severity
    from migrator.languages.python import parse

    from . import _calls
    from ._meaning import meaning_of

    spans = parse(source).spans
    names = meaning_of(source, look).names
    for use in _calls.uses(source, look):
        given: cst.CSTNode | None = use.handler
        if isinstance(given, cst.Name) and len(reaching := names.reaching(given)) == 1:
            given = reaching[0].value if reaching[0].kind == "assign" else given
        if use.handler is not None and isinstance(given, cst.Lambda):
            yield Finding(
                "lambda-handler",
                source.path,
                spans[use.handler],
                Severity.ADVICE,
                "prefer a named function over a lambda as handler, so that it can be tested",
                (*use.evidence, "the guide, section 3: prefer function captures"),
            )
