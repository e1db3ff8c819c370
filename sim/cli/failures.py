"""Who must act when something fails, as an exit code and words on stderr.

0 done; 1 the model broke one of its laws; 2 the user's input; 3 the machine; 130 interrupted.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from sim.errors import (
    ConfigError,
    DesignError,
    ModelError,
    SimError,
    StoreError,
    lacks_memory,
    printable,
)

DONE, MODEL, INPUT, MACHINE, INTERRUPTED = 0, 1, 2, 3, 130
LEAST_ADDRESS_SPACE = 1_000_000_000  # bytes; with less, libraries may abort without a word


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
        _open_streams()
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
        except OSError as error:  # of the last lines, which were still to be printed
            click.echo(printable(f"sim: {_refused(error)}"), err=True)
            code = MACHINE
        sys.exit(code if isinstance(code, int) else DONE)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; say in words what went wrong."""
        try:
            _check_address_space()
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
            click.echo(printable(f"sim: {_refused(error)}"), err=True)
            ctx.exit(MACHINE)
        except MemoryError:
            _out_of_memory(ctx)
        except Exception as error:
            if not lacks_memory(error):
                raise
            _out_of_memory(ctx)


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
    return printable(f"sim: {error}")


def _refused(error: OSError) -> str:
    """What the machine did not let us do; an error that names no file is of what is printed."""
    what = f"use {error.filename}" if error.filename else "print the output"
    return f"cannot {what}: {error.strerror or error}"


def _check_address_space() -> None:
    """Refuse what numpy's and Arrow's own threads do not survive: they abort without a word.

    Raises
    ------
    StoreError
        If the address space of this process is limited to less.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if 0 <= limit < LEAST_ADDRESS_SPACE:
        raise StoreError(
            f"the address space of a process is limited to {limit / 1e6:,.0f} MB; sim needs "
            f"{LEAST_ADDRESS_SPACE / 1e6:,.0f} MB (ulimit -v)"
        )


def _out_of_memory(ctx: click.Context) -> NoReturn:
    click.echo("sim: out of memory; fewer --jobs need less", err=True)
    ctx.exit(MACHINE)


def _open_streams() -> None:
    """Give closed streams somewhere to go; letters the terminal does not have become escapes."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _reader_has_gone() -> int:
    """The reader of a pipe (``| head``) has seen enough: that is no failure."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(devnull, stream.fileno())
        except (OSError, ValueError):
            continue
    return DONE
