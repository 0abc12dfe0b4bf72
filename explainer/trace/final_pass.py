"""The final pass of a run: samples go forward once more, with the parameters that the training ends with."""

from typing import Any

from explainer.problem.model import Problem, Sample
from explainer.trace.run import Run
from explainer.trace.steps import Measured
from explainer.trace.trace import Trace, arithmetic_of, carried, worked_out


def final_pass(run: Run[Any], samples: tuple[Sample, ...]) -> Trace:
    """Outputs, errors and losses of some samples, through the network as it is used after the training.

    Raises:
        ProblemError: a value leaves the range of numbers.
    """
    problem: Problem = run.problem
    measured, arithmetic = Measured(problem, samples, on_data=True), arithmetic_of(problem)
    values = {**carried(arithmetic, measured.given), **run.final}
    given = measured.given | {quantity: arithmetic.written(value) for quantity, value in run.final.items()}
    steps = tuple(worked_out(measured.equations, arithmetic, values, {}, run.names))
    return Trace(problem, run.names, arithmetic, given, steps, carried=run.final)
