"""Where the loss has risen: how far a smaller learning rate would have come, as found by trying."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from explainer.explain.document import Inlines, Math, Term
from explainer.explain.reading import Reading
from explainer.maths.arithmetic import Value
from explainer.maths.formula import Number
from explainer.maths.numerals import as_written
from explainer.maths.optimizers import OPTIMIZERS
from explainer.maths.quantity import Quantity
from explainer.problem.faults import ProblemError
from explainer.problem.model import Problem
from explainer.trace.dropout import thinnings
from explainer.trace.trials import MOST, first_to_halve, one_step


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
    old, new = reading.number(loss), reading.number(loss.after())
    yield reading.prose("overshoot.step", loss=reading.letters(loss), old=old, new=new)
    yield from remedy(reading, one_step, value(loss), "step")


def remedy(reading: Reading, outcome: Callable[[Problem], Value], loss: Value, what: str) -> Iterator[Inlines]:
    """What smaller learning rates come to, in the same step or in the same training."""
    problem, sign = reading.trace.problem, reading.letters(Quantity("loss", reading.last))
    if not OPTIMIZERS[problem.training.optimizer].rated:
        return
    try:
        halving, best = first_to_halve(problem, outcome, loss)
    except ProblemError:
        return
    least = problem.training.learning_rate / 2**MOST
    key = "halved" if halving else "fallen" if best.loss < loss else "never"
    told = {"rate": number(reading, best.rate), "least": number(reading, least), "found": figure(reading, best.loss)}
    yield reading.prose(f"overshoot.{key}", loss=sign, what=reading.prose(f"overshoot.same_{what}"), **told)


def number(reading: Reading, value: Decimal) -> Inlines:
    """A number in all its digits."""
    return reading.plain(as_written(value))


def figure(reading: Reading, loss: Value) -> Inlines:
    """A loss, rounded as losses are."""
    arithmetic = reading.trace.arithmetic
    numeral = arithmetic.numeral(loss, arithmetic.rounding("loss", "check"))
    return (Math((Term("", Number(None, numeral), reading.trace.numeral),)),)
