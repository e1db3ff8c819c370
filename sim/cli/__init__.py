"""The command line: one thin function per verb over the Python API.

Verbs and their help are in `commands`, `study_commands`, `looking` and `outlets`, what they are
given in `given`; each prints by the module of its name, with the words and tables of `texts`. Verbs
import what they need when they run, so that ``sim --help`` is quick.
"""

from __future__ import annotations

from sim.cli import study_commands  # noqa: F401  registers its verbs
from sim.cli.commands import cli
from sim.cli.looking import LOOKING
from sim.cli.outlets import OUTLETS

for verb in (*LOOKING, *OUTLETS):
    cli.add_command(verb)

__all__ = ["cli", "main"]


def main() -> None:
    """Entry point of the script ``sim`` and of ``python -m sim``."""
    cli(prog_name="sim")
