"""What MkDocs adds to the pages of this folder: the reference, made from the types and rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from migrator.engine.reference import pages

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages of the reference."""
    for name, text in pages().items():
        files.append(File.generated(config, f"reference/{name}", content=text))
    return files
