"""Where the loss has risen: how far a smaller learning rate would have come, as found by trying."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from msgspec import Struct

from explainer.explain.document import Inlines, Math, Term
from explainer.explain.reading import Reading
from explainer.maths.arithmetic import Value
from explainer.maths.formula import Number
from explainer.maths.numerals import as_written
from explainer.maths.optimizers import OPTIMIZERS
from explainer.maths.quantity import Quantity
from explainer.problem.model import Problem
from explainer.trace.dropout import thinnings
from explainer.trace.trials import one_step, until_halved


def overshoot(reading: Reading) -> Iterator[Inlines]:
    """Of a single step after which the loss is larger: by how much, and which learning rate would have halved it.

    Nothing where a part of the network was left out before the step and is there after it.
    """
    loss, value = Quantity("loss", reading.last), reading.trace.value
    moved = any(step.value for step in reading.steps("update", "change"))
    checked = loss.after() in reading.trace.index
    comparable = not reading.trace.has_values_put_in and not thinnings(reading.trace.problem.network)
    if not checked or not moved or not comparable or value(loss.after()) <= value(loss):
        return
    old, new, step = reading.number(loss), reading.number(loss.after()), reading.prose("overshoot.same_step")
    found = list(remedy(reading, one_step, value(loss), step))
    key = "too_far" if found and found[0].falls else "risen"
    yield reading.prose(f"overshoot.{key}", loss=reading.letters(loss), old=old, new=new)
    yield from (each.said for each in found)


class Remedy(Struct, frozen=True):
    """What is said of smaller learning rates, and whether the loss falls with one of them."""

    said: Inlines
    falls: bool


def remedy(reading: Reading, outcome: Callable[[Problem], Value], loss: Value, what: Inlines) -> Iterator[Remedy]:
    """What smaller learning rates come to, in the same step or in the same training."""
    problem, sign = reading.trace.problem, reading.letters(Quantity("loss", reading.last))
    if not OPTIMIZERS[problem.training.optimizer].rated:
        return
    made = list(until_halved(problem, outcome, loss))
    if not made:
        return
    best, falling = min(made, key=lambda trial: trial.loss), problem.training.control.decay is not None
    key = "halved" if 2 * best.loss <= loss else "fallen" if best.loss < loss else "never"
    tried = reading.prose("overshoot.tried_falling" if falling else "overshoot.tried", what=what)
    told = {"rate": number(reading, best.rate), "least": number(reading, made[-1].rate)}
    said = reading.prose(f"overshoot.{key}", loss=sign, tried=tried, found=figure(reading, best.loss), **told)
    yield Remedy(said, best.loss < loss)


def number(reading: Reading, value: Decimal) -> Inlines:
    """A number in all its digits."""
    return reading.plain(as_written(value))


def figure(reading: Reading, loss: Value) -> Inlines:
    """A loss, rounded as losses are."""
    arithmetic = reading.trace.arithmetic
    numeral = arithmetic.numeral(loss, arithmetic.rounding("loss", "check"))
    return (Math((Term("", Number(None, numeral), reading.trace.numeral),)),)
