"""What is given as handler, by way of functions that give what others give."""

from __future__ import annotations

from in_process import audited

MAKERS = 6
ASKED = "from pipeline.async_streaming import invoke\n\n\ndef run(ctx):\n    return invoke("


def test_functions_that_return_each_other_are_asked_once() -> None:
    makers = "".join(
        f"\n\ndef make{one}(x):\n"
        + "".join(
            f"    if x == {other}:\n        return make{other}(x)\n" for other in range(MAKERS)
        )
        + "    return print\n"
        for one in range(MAKERS)
    )
    report = audited({"a.py": f"{ASKED}ctx.prompt, make0(1))\n{makers}".encode()})
    found = next(one for one in report.findings if one.start.line == 5).finding
    texts = [edit.text for edit in found.fix.edits] if found.fix else []
    assert texts == ["llm", "ctx, prompt=", "stream=True, on_event="]
