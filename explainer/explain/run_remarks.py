"""Remarks on a run: where its error has risen, and what a smaller learning rate would have done, as found by trying."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any

from explainer.explain.document import Block, Bullets, Inlines
from explainer.explain.overshoot import figure, remedy
from explainer.explain.reading import Reading
from explainer.explain.remarks import dead
from explainer.maths.arithmetic import Value
from explainer.maths.quantity import Quantity
from explainer.problem.model import Problem
from explainer.trace.run import Epoch, Run
from explainer.trace.trials import epochs

MOST_STEPS = 200
"""A training of more steps is not tried again with other learning rates."""

LONG = 10
"""Of so many epochs it is told where the error falls most."""


def run_remarks(run: Run[Any], reading: Reading, last: Reading) -> Iterator[Block]:
    """The remarks, if there is anything to remark; `last` is the last step that is shown."""
    points = [*rises(run, reading), *slower(run, reading), *early(run, reading), *overfitting(run, reading)]
    points += [
        reading.prose("run.in_step", step=shown.batch.step, remark=remark)
        for shown in run.shown[-1:]
        for remark in dead(last)
    ]
    if points:
        yield reading.heading("remarks", 2, [Bullets(tuple(points))])


def sign(reading: Reading) -> Inlines:
    """The sign of the loss."""
    return (reading.letters(Quantity("loss", reading.last)),)


def rises(run: Run[Any], reading: Reading) -> Iterator[Inlines]:
    """In how many epochs the error has risen, and how the first time."""
    found: list[tuple[Epoch, Epoch]] = [
        (before, after) for before, after in pairwise(run.epochs) if after.error > before.error
    ]
    if found:
        before, after = found[0]
        old, new = figure(reading, before.error), figure(reading, after.error)
        key = "run.rises_one" if len(found) == 1 else "run.rises"
        told = {"count": len(found), "epochs": run.epochs[-1].number, "epoch": after.number}
        yield reading.prose(key, loss=sign(reading), old=old, new=new, **told)


def slower(run: Run[Any], reading: Reading) -> Iterator[Inlines]:
    """What smaller learning rates come to, where the error is larger in the end than at the beginning."""
    count, begun = run.epochs[-1].number, run.epochs[0].error
    if count and run.steps <= MOST_STEPS and (run.ended == "diverged" or run.epochs[-1].error > begun):
        what = reading.prose.counted("overshoot.same_epoch", "overshoot.same_epochs", count)
        yield from (each.said for each in remedy(reading, partial(after, count), begun, what))


def after(count: int, problem: Problem) -> Value:
    """The loss after so many epochs."""
    return epochs(problem, count)


def early(run: Run[Any], reading: Reading) -> Iterator[Inlines]:
    """Whether half of the fall comes in the first quarter of the epochs."""
    begun, ended, count = run.epochs[0].error, run.epochs[-1].error, run.epochs[-1].number
    if ended < begun and count >= LONG:
        half = next(each.number for each in run.epochs if 2 * each.error <= begun + ended)
        if 4 * half <= count:
            yield reading.prose.counted("run.early_one", "run.early", half, loss=sign(reading), epochs=count)


def overfitting(run: Run[Any], reading: Reading) -> Iterator[Inlines]:
    """Where the error over the validation samples was smallest, if it has risen since while that of the others fell."""
    if run.ended == "patience" or run.epochs[0].validation is None:
        return
    errors: list[Value] = [each.validation for each in run.epochs]
    epoch = errors.index(min(errors))
    best, last = run.epochs[epoch], run.epochs[-1]
    if errors[-1] > errors[epoch] and last.error < best.error:
        old, new = figure(reading, errors[epoch]), figure(reading, errors[-1])
        yield reading.prose("run.overfitting", loss=sign(reading), epoch=epoch, old=old, new=new)
