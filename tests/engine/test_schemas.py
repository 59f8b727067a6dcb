"""The schemas that editors complete by are those of the types."""

from __future__ import annotations

from pathlib import Path

from migrator.engine.schemas import schemas

FOLDER = Path(__file__).parents[2] / "docs" / "schemas"


def test_the_schemas_are_current() -> None:
    kept = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()}
    assert kept == schemas(), (
        "write them anew: python -c 'from pathlib import Path; "
        'from migrator.engine.schemas import write; write(Path("docs/schemas"))\''
    )
