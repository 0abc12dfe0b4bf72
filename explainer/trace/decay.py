"""The learning rate of a step, where it falls from step to step or from epoch to epoch."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.maths.decays import DECAYS, FIRST, OVER, Decay
from explainer.maths.formula import quantities
from explainer.maths.optimizers import setting
from explainer.maths.quantity import Quantity
from explainer.problem.model import Problem, Training
from explainer.trace.derive import RATE, Equation
from explainer.trace.schedule import Batch


def decay(training: Training) -> Decay | None:
    """The rule by which the rate falls; None where it does not."""
    given = training.control.decay
    return None if given is None else DECAYS[given.rule].make(**given.parameters)


def over(training: Training, batch: Batch) -> int:
    """How many steps, or epochs, are over when a step is taken."""
    given = training.control.decay
    return 0 if given is None else (batch.step if given.per == "step" else batch.epoch) - 1


def falling_rate(problem: Problem, batch: Batch) -> Iterator[tuple[Quantity, Decimal]]:
    """What the rate of a step is worked out from, where it falls: that of the beginning, and what the rule goes by."""
    training, rule = problem.training, decay(problem.training)
    if rule is None:
        return
    yield FIRST, training.learning_rate
    yield from ((setting(sign), number) for sign, number in rule.settings.items())
    if OVER in quantities(rule.rate(0)):
        yield OVER, Decimal(over(training, batch))


def rate_of_step(problem: Problem, batch: Batch | None) -> Iterator[Equation]:
    """The rate of a step, or of any, where it falls."""
    rule = decay(problem.training)
    if rule is not None:
        formula = rule.rate(None if batch is None else over(problem.training, batch))
        yield Equation(RATE, formula, "rate", "update")
