"""Values in YAML that go below other keys, in the style that they are written in."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.patterns.declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

RULE = """
    summary: Backends
    paths:
      - {path: "**.serviceName", nest: service.name}
      - {path: "**.servicePort", nest: service.port.number}
      - {path: "**.extends", nest: extends.service}
      - {path: "**.cpus", nest: limits.cpus}
"""


def _after(tmp_path: Path, text: str) -> str:
    return applied(pack(tmp_path, yaml__r=RULE), {"a.yaml": text})["a.yaml"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("serviceName: web  # who\n", "service:\n  name: web  # who\n"),
        ("serviceName: &a 'web'", "service:\n  name: &a 'web'"),
        ("'serviceName': web\n", "service:\n  'name': web\n"),
        ("serviceName:\nx: 1\n", "service:\n  name:\nx: 1\n"),
        ("serviceName: {a: [1]}\n", "service:\n  name: {a: [1]}\n"),
        ("a:\r\n    serviceName: b\r\n", "a:\r\n    service:\r\n      name: b\r\n"),
        (
            "a:\n- serviceName: b\n  servicePort: 80\n",
            "a:\n- service:\n    name: b\n    port:\n      number: 80\n",
        ),
        (
            "serviceName: b\n\n# port\nservicePort: 80\n",
            "service:\n  name: b\n\n# port\n  port:\n    number: 80\n",
        ),
        ("{serviceName: b, x: 1}\n", "{service: {name: b}, x: 1}\n"),
        ("{serviceName: b, servicePort: 1}\n", "{service: {name: b, port: {number: 1}}}\n"),
        ('{"serviceName":"b","servicePort":1}', '{service: {"name":"b",port: {"number":1}}}'),
        ("extends: base\n", "extends:\n  service: base\n"),
        ("a: {extends: base}\n", "a: {extends: {service: base}}\n"),
        ("cpus: 2\n", "limits:\n  cpus: 2\n"),
    ],
)
def test_written(tmp_path: Path, before: str, after: str) -> None:
    assert _after(tmp_path, before) == after


@pytest.mark.parametrize(
    "text",
    [
        "extends:\n  service: base\n",
        "extends: {service: base, file: x}\n",
        "limits:\n  cpus: 2\n",
        "service: {name: serviceName}\n",
    ],
)
def test_what_is_there_already(tmp_path: Path, text: str) -> None:
    assert not found(pack(tmp_path, yaml__r=RULE), {"a.yaml": text})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("serviceName: |\n  web\n", "its value has several lines"),
        ("serviceName:\n  - web\n", "its value has several lines"),
        ("serviceName: a\n  b\n", "its value has several lines"),
        ("service: {}\nserviceName: web\n", "`service` is there already, at line 1"),
        ("<<: {service: 1}\nserviceName: web\n", "`service` is there already, at line 1"),
        ("? serviceName\n: web\n", "its value has several lines"),
        ("? serviceName : web\n", None),
        ("&k serviceName: web\n", "how it is written keeps it"),
        ("{servicePort: , x: 1}\n", "how it is written keeps it"),
        ("[serviceName: web]\n", "how it is written keeps it"),
        ("{? serviceName : web}\n", "how it is written keeps it"),
    ],
)
def test_left_to_a_person(tmp_path: Path, text: str, said: str | None) -> None:
    for one in found(pack(tmp_path, yaml__r=RULE), {"a.yaml": text}):
        assert one.fix is None
        assert said is None or said in " ".join((one.message, *one.evidence))
    assert _after(tmp_path, text) == text


def test_what_stands_apart_is_put_there_by_hand(tmp_path: Path) -> None:
    text = "serviceName: web\nx: 1\nservicePort: 80\n"
    _, other = found(pack(tmp_path, yaml__r=RULE), {"a.yaml": text})
    assert other.message.endswith("`service` is made of line 1: put it there by hand")
    assert _after(tmp_path, text) == "service:\n  name: web\nx: 1\nservicePort: 80\n"


def test_what_a_person_keeps_stays(tmp_path: Path) -> None:
    text = "serviceName: web  # migrate: ignore[r]\nservicePort: 80\n"
    after = "serviceName: web  # migrate: ignore[r]\nservice:\n  port:\n    number: 80\n"
    assert _after(tmp_path, text) == after


def test_what_an_alias_shares_is_for_review(tmp_path: Path) -> None:
    text = "a: &a\n  serviceName: web\nb: *a\nc:\n  <<: *a\n"
    [one] = found(pack(tmp_path, yaml__r=RULE), {"a.yaml": text})
    assert one.applicability.name == "REVIEW"


def test_each_brings_the_edits_of_all(tmp_path: Path) -> None:
    text = dedent("""\
        serviceName: web
        servicePort: 80
    """)
    one, other = found(pack(tmp_path, yaml__r=RULE), {"a.yaml": text})
    assert one.fix is not None
    assert other.fix is not None
    assert one.fix.edits == other.fix.edits
