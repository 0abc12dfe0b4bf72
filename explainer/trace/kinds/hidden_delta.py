"""The equations of a hidden δ: those of the units it feeds, where they are not given, and its own."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.maths.formula import Formula, Product, Sum, total
from explainer.maths.quantity import Index, Quantity
from explainer.problem.kinds.hidden_delta import Fed, HiddenDelta
from explainer.problem.model import Problem
from explainer.problem.unit import GivenUnit
from explainer.trace.derive import Equation, activation
from explainer.trace.kinds import Kind
from explainer.trace.names import Names
from explainer.trace.unit import (
    HIDDEN,
    NEXT,
    LoneNames,
    Outputs,
    by_kind,
    forms,
    known,
    laws_of,
    outputs,
    pair,
    spelled,
)

UNIT = "h"
"""The letter of the hidden unit."""


def names(problem: Problem) -> Names:
    """The names of the convention; units that have a target are output units, and where h is an output, j is hidden."""
    has_outputs = any(unit.unit is not None for unit in problem.of(HiddenDelta).downstream)
    return LoneNames(problem, by_kind(problem, {UNIT: "j"}), last=NEXT if has_outputs else None)


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
    yield from outputs({UNIT: task.unit}, HIDDEN)
    units = {name: each.unit for name, each in fed(task) if each.unit is not None}
    yield from Outputs(problem, task.measure, NEXT, units, len(task.downstream)).deltas()
    passed = (
        laws.passed_back(Quantity("weight", NEXT, name, UNIT), Quantity("delta", NEXT, name)) for name, _ in fed(task)
    )
    yield delta_of(problem, task.unit, total(tuple(passed)))


def delta_of(problem: Problem, unit: GivenUnit, signal: Formula) -> Equation:
    """δ_h = f′(net_h) · (Σ_k w_hk δ_k); where a derivative in the output comes first, worked as these two factors."""
    laws, neuron, function = laws_of(problem), pair(HIDDEN, UNIT), activation(unit.function)
    found = [laws.hidden_delta(form, neuron, signal) for form in forms(unit)]
    slope = function.derivative(neuron.net, neuron.output)
    if laws.convention.order.hidden_delta[0] == "slope" and isinstance(slope, Product | Sum):
        found = [Product((slope, signal))]
    chain = laws.by_chain_rule(Quantity("loss"), neuron) if laws.by_gradient else None
    return Equation(Quantity("delta", HIDDEN, UNIT), found[0], "hidden_delta", "backward", spelled(found), chain)


KIND = Kind(given, derive, names)
