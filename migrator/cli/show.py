"""`--show-settings` and `--show-files`: what a run would go by, and what it would look at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from migrator import __version__
from migrator.engine.run import Run
from migrator.reports.escape import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.cli.options import Asked
    from migrator.config import Configuration
    from migrator.engine.run import Settings


def show(asked: Asked) -> int:
    """Print what is asked for."""
    settings = asked.settings()
    with Run(settings) as run:
        if asked.show_settings:
            used = {own.config.file: own.config for own in run.walk.configured.values()}
            configs = {settings.config.file: settings.config, **used}
            lines = list(_run(asked, settings, [pack.id for pack in run.packs]))
            for config in configs.values():
                lines += ["", *_files(asked, config)]
            click.echo("\n".join(map(shown, lines)))
        if asked.show_files:
            for path in run.walk.files:
                click.echo(shown(path))
    return 0


def _run(asked: Asked, settings: Settings, packs: Sequence[str]) -> Iterator[str]:
    """What holds for the run as a whole."""
    config = settings.config
    yield f"# migrate {__version__}; the run: {config.name}"
    yield _line("packs", packs, "command line" if asked.packs else _origin(config, "packs"))
    limits = settings.limits
    values = {
        "max-seconds": limits.time,
        "max-memory-mib": limits.memory / 1024**2,
        "max-file-mib": limits.size / 1024**2,
    }
    for key, value in values.items():
        yield _line(key, value, _origin(config, key))
    if config.required_version:
        yield _line(
            "required-version", config.required_version, _origin(config, "required-version")
        )
    for id_, options in config.options.items():
        for name, entries in options.items():
            yield _line(f"{id_}.{name}", entries, _origin(config, id_, name))
    if config.verify is not None:
        yield _line("verify.command", config.verify, _origin(config, "verify", "command"))


def _files(asked: Asked, config: Configuration) -> Iterator[str]:
    """What holds for the files of one configuration."""
    yield f"# files: {config.name}"
    for key, given, own in (
        ("select", asked.select, config.select or "all"),
        ("ignore", asked.ignore, config.ignore),
    ):
        value = sorted(given) if given else own
        yield _line(key, value, "command line" if given else _origin(config, key))
    yield _line("extend-exclude", config.extend_exclude, _origin(config, "extend-exclude"))
    for pattern, rules in config.per_file_ignores.items():
        at = ("per-file-ignores", pattern)
        yield _line(f"per-file-ignores.{json.dumps(pattern)}", rules, _origin(config, *at))
    for rule, severity in config.severities.items():
        at = ("severities", rule)
        yield _line(f"severities.{rule}", str(severity), _origin(config, *at))


def _line(key: str, value: Any, origin: str) -> str:
    return f"{key} = {_toml(value)}  # {origin}"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_toml(one)}' for key, one in value.items())} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, float):
        return f"{value:g}"
    return json.dumps(value, ensure_ascii=False)


def _origin(config: Configuration, *keys: str) -> str:
    """Where the value of a key comes from."""
    return config.place(*keys) if config.says(*keys) else "default"
