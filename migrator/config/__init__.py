"""The project's configuration: `[tool.migrator]` of `pyproject.toml`, or `migrator.toml`.

It can select, ignore and parametrise; it cannot name code.
"""

from migrator.config.closest import Closest
from migrator.config.read import KEYS, NAMES, Configuration, configuration_at, configuration_in

__all__ = ["KEYS", "NAMES", "Closest", "Configuration", "configuration_at", "configuration_in"]
