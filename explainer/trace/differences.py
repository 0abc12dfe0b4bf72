"""Gradients by central differences of the loss: every equation worked with 40 digits, nothing rounded on the way."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from explainer.maths.arithmetic import PRINTED
from explainer.maths.formula import Constant, Formula, Sum, difference
from explainer.maths.quantity import Quantity
from explainer.trace.derive import RATE, Equation, activations, loss, target_of
from explainer.trace.trace import Trace

STEP = Decimal("1e-12")
"""How far a parameter is moved for a central difference; its error is of the order of the square."""

Exact = dict[Quantity, Decimal]


def worked_exactly(trace: Trace, given: Mapping[Quantity, Decimal]) -> Exact:
    """Every quantity of a trace from these given ones; values put in as they were."""
    values: Exact = dict(given)
    for step in trace:
        values[step.quantity] = (
            trace.arithmetic.written(step.value) if step.put_in else evaluated(step.equation, values)
        )
    return values


def evaluated(equation: Equation, values: Mapping[Quantity, Decimal]) -> Decimal:
    """The value of an equation."""
    return exact(equation.formula, values)


def exact(formula: Formula, values: Mapping[Quantity, Decimal]) -> Decimal:
    """The value of a formula."""
    return Decimal(PRINTED.evaluate(formula, values.__getitem__, ""))


def gradients_of(trace: Trace, change: Quantity, values: Exact) -> list[Decimal]:
    """The gradient that a change was made from, where it is stated; else what the change and the new value imply."""
    parameter = change.parameter()
    if parameter.gradient() in values:
        return [values[parameter.gradient()]]
    update = trace.index[parameter.after()].equation.formula
    kept = exact(update.terms[0], values) if isinstance(update, Sum) else values[parameter]
    return [-values[change] / values[RATE], (kept - values[parameter.after()]) / values[RATE]]


def central_difference(trace: Trace, moved: Quantity, values: Exact) -> Decimal | None:
    """(E(w + h) − E(w − h)) / 2h, or None where a net input passes a kink on the way."""
    program = [step.equation for phase in ("ahead", "forward", "error") for step in trace.phases[phase]]
    ends = []
    for sign in (1, -1):
        shifted = dict(values)
        shifted[moved] += sign * STEP
        for equation in program:
            shifted[equation.quantity] = evaluated(equation, shifted)
        ends.append(shifted)
    if passes_kink(trace, *ends):
        return None
    measured = Quantity("loss", len(trace.problem.network.layers))
    return (ends[0][measured] - ends[1][measured]) / (2 * STEP)


def joints(trace: Trace) -> Iterator[tuple[Quantity, Formula]]:
    """Each net input and output with what is 0 where two pieces of its activation, or of the loss, meet."""
    functions, measured = activations(trace.problem.network), loss(trace.problem.training)
    last = len(functions)
    for quantity in (step.quantity for step in trace.phases["forward"]):
        layer = int(quantity.layer)
        if quantity.role == trace.connections.entry(layer, 0).role:
            function = functions[layer - 1]
            for point in (*function.kinks, *function.joints):
                yield quantity, difference(quantity, Constant(point))
            yield from ((quantity, tie) for tie in function.ties(quantity))
        elif layer == last and quantity.role == "output" and measured.joint is not None:
            yield quantity, measured.joint(target_of(layer, int(quantity.unit), int(quantity.sample)), quantity)


def passes_kink(trace: Trace, one: Exact, other: Exact) -> bool:
    """Whether a quantity that moves lies on different sides of a joint, or on it."""
    return any(
        one[quantity] != other[quantity] and exact(joint, one) * exact(joint, other) <= 0
        for quantity, joint in joints(trace)
    )
