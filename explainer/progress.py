"""The progress bar of a long training: on a terminal only, and only of one that keeps its user waiting."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import click

from explainer.trace.runner import Progress

WAIT = 1.0
"""The seconds after which a bar appears."""

PAUSE = 0.1
"""The seconds between two looks of it."""


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """What to tell of every epoch; nothing where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = Bar()
    try:
        yield bar
    finally:
        bar.finish()


class Bar:
    """A bar that waits before it appears, and rests between its looks."""

    def __init__(self) -> None:
        self.due = monotonic() + WAIT
        self.bar: Any = None

    def __call__(self, epoch: int, epochs: int) -> None:
        """So many of the epochs are over."""
        if monotonic() < self.due:
            return
        if self.bar is None:
            self.bar = click.progressbar(length=epochs, label="epochs", show_pos=True, file=sys.stderr)
        self.bar.update(epoch - self.bar.pos)
        self.due = monotonic() + PAUSE

    def finish(self) -> None:
        """The line of the bar is left behind."""
        if self.bar is not None:
            self.bar.render_finish()
