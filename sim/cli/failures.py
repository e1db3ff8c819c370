"""Who must act when something fails, as an exit code and words on stderr.

0 done; 1 the model broke one of its laws; 2 the user's input; 3 the machine; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from sim.errors import ConfigError, DesignError, ModelError, SimError, StoreError

DONE, MODEL, INPUT, MACHINE, INTERRUPTED = 0, 1, 2, 3, 130


class Verbs(click.Group):
    """A group whose every failure has its exit code and no traceback, except for bugs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of use, not of the alphabet."""
        return list(self.commands)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a verb and leave with its exit code."""
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
            sys.stdout.flush()
        except click.exceptions.Abort:
            code = INTERRUPTED
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except BrokenPipeError:
            code = _reader_has_gone()
        sys.exit(code if isinstance(code, int) else DONE)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; say in words what went wrong."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            ctx.exit(_reader_has_gone())
        except SimError as error:
            click.echo(words(error), err=True)
            ctx.exit(exit_code(error))
        except OSError as error:
            click.echo(f"sim: {error}", err=True)
            ctx.exit(MACHINE)
        except MemoryError:
            click.echo("sim: out of memory; fewer --jobs need less", err=True)
            ctx.exit(MACHINE)


def exit_code(error: SimError) -> int:
    """Exit code of an error of this package."""
    if isinstance(error, ConfigError | DesignError):
        return INPUT
    return MACHINE if isinstance(error, StoreError) else MODEL


def words(error: SimError) -> str:
    """What stderr says: problems of the input one per line, as they are."""
    if isinstance(error, ConfigError):
        return "\n".join(str(problem) for problem in error.problems)
    if isinstance(error, ModelError):
        return f"sim: the model broke one of its laws, which is a bug; please report it: {error}"
    return f"sim: {error}"


def _reader_has_gone() -> int:
    """The reader of a pipe (``| head``) has seen enough: that is no failure."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(devnull, stream.fileno())
        except (OSError, ValueError):
            continue
    return DONE
