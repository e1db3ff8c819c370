"""How far a study is: a bar on a terminal, plain lines in a pipe. All on stderr."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from sim.study.design.words import plural

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_SECONDS_BETWEEN_LINES = 5.0
# Before so many replications, such a share of them and so many seconds the pace is that of starting
# up, and says nothing of the time left.
_LEAST_DONE, _LEAST_SHARE, _LEAST_SECONDS = 10, 0.05, 3.0


class Progress:
    """Who wants to know how far a study is; this one says nothing."""

    _said: frozenset[str] = frozenset()

    def start(self, done: int, total: int) -> None:
        """``done`` of ``total`` replications are there before anything is computed."""

    def advance(self, replications: int) -> None:
        """So many more are done."""

    def stage(self, text: str) -> None:
        """What is being done once all replications are there."""

    def note(self, text: str) -> None:
        """Something the user should know."""

    def once(self, text: str) -> None:
        """The same, though every study of one command has it to say."""
        if text not in self._said:
            self._said |= {text}
            self.note(text)

    def stop(self) -> None:
        """There is no more to come."""


def progress_on_stderr() -> Progress:
    """The one that fits where stderr goes."""
    return Bar() if sys.stderr.isatty() else Lines()


def told(progress: bool | Progress) -> Progress:
    """Who is told: nobody, somebody of the caller's, or whoever reads stderr."""
    if isinstance(progress, Progress):
        return progress
    return progress_on_stderr() if progress else Progress()


def time_left(elapsed: float, done: float, left: float) -> float:
    """Seconds for what is left, at the pace so far; starting up counts, so it is no promise.

    Examples
    --------
    >>> time_left(30.0, 20.0, 180.0)
    270.0
    """
    return elapsed / done * left if done else 0.0


def words_left(elapsed: float, done: float, left: float) -> str:
    """The same in words; nothing where nothing is left, or too little is done to tell.

    Examples
    --------
    >>> words_left(30.0, 20.0, 180.0), words_left(30.0, 20.0, 0.0), words_left(10.0, 2.0, 198.0)
    ('about 4:30 left', '', '')
    """
    if elapsed < _LEAST_SECONDS or done < max(_LEAST_DONE, _LEAST_SHARE * (done + left)):
        return ""
    minutes, seconds = divmod(round(time_left(elapsed, done, left)), 60)
    return f"about {minutes}:{seconds:02} left" if left else ""


class Bar(Progress):
    """A bar with the time left, at the pace of this study from its very start."""

    def __init__(self) -> None:
        self._before = 0
        self._bar: RichProgress | None = None
        self._task: TaskID | None = None

    def start(self, done: int, total: int) -> None:
        """Show the bar, part of it done before."""
        from rich import progress
        from rich.console import Console

        self.stop()
        self._before = done
        self._bar = progress.Progress(
            progress.SpinnerColumn(),
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            progress.TextColumn("{task.fields[left]}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("replications", total=total, completed=done, left="")
        self._bar.start()

    def advance(self, replications: int) -> None:
        """Move on."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, replications)
            task = self._bar.tasks[0]
            done, left = task.completed - self._before, (task.total or 0) - task.completed
            self._bar.update(self._task, left=words_left(task.elapsed or 0.0, done, left))

    def stage(self, text: str) -> None:
        """Name what is being done, beside a bar without end: how long it takes is not known."""
        if self._bar is not None and self._task is not None:
            self._bar.remove_task(self._task)
            self._task = self._bar.add_task(text, total=None, left="")

    def note(self, text: str) -> None:
        """Say something beside the bar."""
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            print(text, file=sys.stderr, flush=True)

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


class Lines(Progress):
    """A line now and then, the last one always."""

    def __init__(self) -> None:
        self._before = self._done = self._total = 0
        self._began = self._said_at = 0.0

    def start(self, done: int, total: int) -> None:
        """Say how many there are to compute."""
        self._before, self._done, self._total = done, done, total
        self._began = self._said_at = time.monotonic()
        before = f", {done} of them finished before" if done else ""
        self.note(f"{plural(total, 'replication')}{before}")

    def advance(self, replications: int) -> None:
        """Say how far it is, not too often."""
        self._done += replications
        now = time.monotonic()
        if self._done == self._total or now - self._said_at >= _SECONDS_BETWEEN_LINES:
            self._said_at = now
            left = words_left(
                now - self._began, self._done - self._before, self._total - self._done
            )
            said = f"{self._done:,} of {plural(self._total, 'replication')}"
            self.note(f"{said}, {left}" if left else said)

    def stage(self, text: str) -> None:
        """Name what is being done, not too often."""
        now = time.monotonic()
        if now - self._said_at >= _SECONDS_BETWEEN_LINES:
            self._said_at = now
            self.note(text)

    def note(self, text: str) -> None:
        """Say something."""
        print(text, file=sys.stderr, flush=True)
