"""Discrete-event simulation of the US-Japan $550 bn strategic investment programme.

>>> import sim
>>> config = sim.load("configs/base.yaml", set={"run.replications": 20})  # doctest: +SKIP
>>> run = sim.run(config, out="outputs/first")  # doctest: +SKIP
>>> run.summary  # a data frame  # doctest: +SKIP

Importing this package loads nothing heavy; see `sim.api` for the functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import (
        Backtest,
        Bottlenecks,
        Checked,
        Comparison,
        Readings,
        Run,
        Sensitivity,
        Sweep,
        backtest,
        bottlenecks,
        check,
        compare,
        load,
        open,
        open_sweep,
        readings,
        run,
        sensitivity,
        sweep,
        verify,
    )

    __version__: str

__all__ = [
    "Backtest", "Bottlenecks", "Checked", "Comparison", "Readings", "Run", "Sensitivity", "Sweep",
    "__version__", "backtest", "bottlenecks", "check", "compare", "load", "open", "open_sweep",
    "readings", "run", "sensitivity", "sweep", "verify",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = _version()
    elif name in __all__:
        import sim.api

        value = getattr(sim.api, name)
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
