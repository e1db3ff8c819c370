"""The rules a config names, as functions: registered ones, or the user's own."""

from __future__ import annotations

from typing import Any

from sim.config.rule_names import own_rule
from sim.config.schema import Config
from sim.rules.registry import KINDS


def rule(config: Config, kind: str, name: str) -> Any:
    """The rule of a kind by its registered name, or from the config's text of a rule file.

    Raises
    ------
    ConfigError
        If a rule file of the user's cannot be run, or has no such function.
    """
    own = own_rule(name)
    if own is None:
        return KINDS[kind][name]
    from sim.rules.own import OWN, OwnFunction  # code of the user's: only where it is named

    file, function = own
    return OWN[kind](OwnFunction(file, config.rule_files[file.removesuffix(".py")], function))
