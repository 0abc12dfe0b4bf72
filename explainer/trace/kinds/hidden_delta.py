"""The equations of a hidden δ: those of the units it feeds, where they are not given, and its own."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.maths.formula import ONE, Formula, Product, total
from explainer.maths.quantity import Index, Quantity
from explainer.problem.kinds.hidden_delta import Fed, HiddenDelta
from explainer.problem.model import Problem
from explainer.trace.derive import Equation, activation
from explainer.trace.kinds import Kind
from explainer.trace.unit import HIDDEN, NEXT, known, laws_of, output, output_delta, pair

UNIT = "h"
"""The letter of the hidden unit."""


def fed(task: HiddenDelta) -> Iterator[tuple[Index, Fed]]:
    """The units that the hidden unit feeds: numbered, or unit k where there is only one."""
    single = len(task.downstream) == 1
    for index, unit in enumerate(task.downstream, 1):
        yield "k" if single else index, unit


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """What is given of the hidden unit, and of each unit that it feeds."""
    task = problem.of(HiddenDelta)
    yield from known(task.unit, HIDDEN, UNIT)
    for name, unit in fed(task):
        yield Quantity("weight", NEXT, name, UNIT), unit.weight
        if unit.unit is not None:
            yield from known(unit.unit, NEXT, name)
        if unit.delta is not None:
            yield Quantity("delta", NEXT, name), unit.delta


def derive(problem: Problem) -> Iterator[Equation]:
    """The outputs and the δ that are not given, and the δ of the hidden unit."""
    task, laws = problem.of(HiddenDelta), laws_of(problem)
    yield from output(task.unit, HIDDEN, UNIT)
    for name, unit in fed(task):
        if unit.unit is not None:
            yield from output(unit.unit, NEXT, name)
            yield from output_delta(problem, unit.unit, task.loss, NEXT, name)
    passed = (
        laws.passed_back(Quantity("weight", NEXT, name, UNIT), Quantity("delta", NEXT, name)) for name, _ in fed(task)
    )
    neuron = pair(HIDDEN, UNIT)
    slope = activation(task.unit.function).derivative(neuron.net, neuron.output)
    yield Equation(Quantity("delta", HIDDEN, UNIT), grouped(slope, total(tuple(passed))), "hidden_delta", "backward")


def grouped(slope: Formula, signal: Formula) -> Formula:
    """f′(net_h) · (Σ_k w_hk δ_k), worked out as these two factors"""
    return signal if slope == ONE else Product((slope, signal))


KIND = Kind(given, derive)
