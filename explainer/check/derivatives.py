"""Gradients and δ, checked against derivatives that know nothing of backpropagation.

Both are worked out with 40 digits from the given numbers, so that what is compared is the laws and not
their rounding. Gradients are compared with central differences of the loss; each δ with the derivative
of the loss composed as a function of that one net input, carried forward by SymPy equation by equation.
"""

from decimal import Decimal
from random import Random

from explainer.check.doubt import doubts
from explainer.check.findings import Finding
from explainer.check.letters import drawn
from explainer.maths.quantity import Quantity, Role
from explainer.trace.differences import Exact, central_difference, exact, gradients_of, joints, worked_exactly
from explainer.trace.names import BY
from explainer.trace.trace import Step, Trace

AGREED = Decimal("1e-15")
"""Two derivatives agree if they differ by less than this, relative to the larger of them and 1."""

CARRIED, SMALL = Decimal("1e-9"), Decimal("1e-200")
"""How near to the exact value double precision must come, relatively, if no digits are lost where numbers cancel; what
is smaller than `SMALL` may be 0."""

MOST_PARAMETERS = 400
"""Of more parameters, so many are checked, drawn at random."""

MOST_WEIGHTS = 60
"""Networks of more weights are too large for composing the loss symbolically."""


def exact_values(trace: Trace) -> Exact:
    """Every quantity with 40 digits, nothing rounded on the way; values put in as they were, letters drawn."""
    return worked_exactly(trace, drawn(trace) if trace.arithmetic.in_letters else trace.given)


def agree(one: Decimal, other: Decimal) -> bool:
    """Whether two derivatives agree."""
    return abs(one - other) <= AGREED * max(Decimal(1), abs(one), abs(other))


def gradients(trace: Trace, values: Exact) -> Finding:
    """What each parameter is changed by, and what it becomes, against a central difference of the loss."""
    changes = [step for step in trace.phases["update"] if step.quantity.role == "change"]
    chosen = changes
    if len(changes) > MOST_PARAMETERS:
        chosen = [changes[index] for index in sorted(Random(0).sample(range(len(changes)), MOST_PARAMETERS))]
    wrong, kinks = [], 0
    for step in chosen:
        parameter = step.quantity.parameter()
        slope = central_difference(trace, parameter, values)
        if slope is None:
            kinks += 1
            continue
        found = gradients_of(trace, step.quantity, values)
        if not all(agree(each, slope) for each in found):
            told = ", and from it ".join(f"{each:.12g}" for each in found)
            wrong.append(f"{step.name}: gradient {told}; by central differences {slope:.12g}")
        elif not states(trace, step, values):
            wrong.append(f"{step.name}: carried {step.value}, exactly {values[step.quantity]:.17g}")
    notes = []
    if len(chosen) < len(changes):
        notes.append(f"{len(chosen)} of {len(changes)} parameters, drawn at random")
    return Finding("gradients", len(chosen) - kinks - len(wrong), tuple(wrong), (*notes, *left_out(kinks)))


def states(trace: Trace, step: Step, values: Exact) -> bool:
    """Whether the value carried in full precision is the exact one; by hand, rounding has its own checks."""
    if not trace.arithmetic.carries_more or step.put_in:
        return True
    exact = values[step.quantity]
    off = abs(trace.arithmetic.written(step.value) - exact)
    return off <= CARRIED * max(abs(exact), SMALL) or off <= doubts(trace)[step.quantity]


def left_out(kinks: int) -> tuple[str, ...]:
    """The note on what lies at a kink."""
    return (f"{kinks} left out: a net input or an output lies at a kink of its function or the loss",) if kinks else ()


def at_kink(trace: Trace, unit: Quantity, values: Exact) -> bool:
    """Whether the net input of a unit, or anything that it feeds, lies at a joint."""
    for quantity, joint in joints(trace):
        onward = int(quantity.layer) > int(unit.layer) or (quantity.layer, quantity.unit) == (unit.layer, unit.unit)
        together = trace.connections.normalized or quantity.sample == unit.sample
        if onward and together and not exact(joint, values):
            return True
    return False


def deltas(trace: Trace, values: Exact) -> Finding:
    """Each δ against the derivative of the composed loss by its net input."""
    weights = sum(quantity.role == "weight" for quantity in trace.given)
    if weights > MOST_WEIGHTS:
        note = f"left out: {weights} weights are too many to compose the loss (at most {MOST_WEIGHTS})"
        return Finding("δ", 0, (), (note,))
    from explainer.check.composed import Composed

    composed = Composed(trace, values)
    wrong, kinks = [], 0
    steps = [step for step in trace.phases["backward"] if step.quantity.role in ("delta", *BY)]
    for step in steps:
        unit = step.quantity
        role: Role = "net" if unit.role == "delta" else BY[unit.role]
        net = Quantity(role, unit.layer, unit.unit, 0, unit.sample)
        if at_kink(trace, unit, values):
            kinks += 1
            continue
        slope = composed.derivative(net)
        sign = -1 if unit.role == "delta" and trace.names.convention.delta == "downhill" else 1
        if not agree(values[unit], sign * slope):
            wrong.append(f"{step.name}: {values[unit]:.12g}, derivative of the composed loss {sign * slope:.12g}")
        elif not states(trace, step, values):
            wrong.append(f"{step.name}: carried {step.value}, exactly {values[unit]:.17g}")
    return Finding("δ", len(steps) - kinks - len(wrong), tuple(wrong), left_out(kinks))
