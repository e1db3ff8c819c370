"""Discrete-event simulation of the US-Japan $550 bn strategic investment programme.

>>> import sim
>>> config = sim.load("configs/base.yaml", set={"run.replications": 20})  # doctest: +SKIP
>>> run = sim.run(config, out="outputs/first")  # doctest: +SKIP
>>> run.summary  # a data frame  # doctest: +SKIP

Importing this package loads nothing heavy; see `sim.api` for the functions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import Run, Sweep, backtest, load, open, open_sweep, run, sweep
    from sim.study.findings.backtest import Backtest
    from sim.study.findings.bottleneck_search import bottlenecks
    from sim.study.findings.bottlenecks import Bottlenecks
    from sim.study.findings.checking import Checked, check
    from sim.study.findings.compared import Comparison, compare
    from sim.study.findings.factors import Sensitivity, sensitivity
    from sim.study.findings.readings import Readings, readings
    from sim.study.findings.verification import verify

    __version__: str

__all__ = [
    "Backtest", "Bottlenecks", "Checked", "Comparison", "Readings", "Run", "Sensitivity", "Sweep",
    "__version__", "backtest", "bottlenecks", "check", "compare", "load", "open", "open_sweep",
    "readings", "run", "sensitivity", "sweep", "verify",
]  # fmt: skip

# What is not in `sim.api`, so that a run loads no more than it needs.
_HOMES = {
    "Backtest": "backtest", "Bottlenecks": "bottlenecks", "Checked": "checking",
    "Comparison": "compared", "Readings": "readings", "Sensitivity": "factors",
    "bottlenecks": "bottleneck_search", "check": "checking", "compare": "compared",
    "readings": "readings", "sensitivity": "factors", "verify": "verification",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = _version()
    elif name in __all__:
        home = f"sim.study.findings.{_HOMES[name]}" if name in _HOMES else "sim.api"
        value = getattr(import_module(home), name)
    else:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("us-japan-investment-sim")
    except PackageNotFoundError:  # a source tree that was never installed
        return "0+source"
