"""The derivatives of small exercises, checked by central differences that know nothing of their formulas.

Everything is worked out with 40 digits. Where only the output of a unit is given, its net input is found by
halving an interval.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from explainer.check.derivatives import STEP, Exact, agree, left_out, states
from explainer.check.findings import Finding
from explainer.maths.arithmetic import PRINTED
from explainer.maths.formula import Formula
from explainer.maths.losses import usual
from explainer.maths.numerals import CONTEXT
from explainer.maths.quantity import Quantity
from explainer.problem.kinds.epoch import Epoch
from explainer.problem.kinds.function import Points
from explainer.problem.kinds.hidden_delta import HiddenDelta
from explainer.problem.kinds.output_delta import OutputDelta
from explainer.problem.model import Function
from explainer.problem.unit import GivenUnit
from explainer.trace.derive import RATE, activation
from explainer.trace.kinds import epoch, hidden_delta, output_delta
from explainer.trace.kinds import function as points
from explainer.trace.trace import Trace
from explainer.trace.unit import HIDDEN, NEXT, OUTPUT

Real = Callable[[Decimal], Decimal]
"""A function of one number."""

Loss = Callable[[Decimal, Decimal], Decimal]
"""How far an output is from its target."""

FARTHEST = Decimal(200)
"""A net input is looked for between this and its negative."""

HALVINGS = 160

NET, TARGET, VALUE = Quantity("net"), Quantity("target"), Quantity("output")


def slopes(trace: Trace, values: Exact) -> Finding:
    """Each derivative of a function against the central difference of its values."""
    layer = trace.problem.of(Points).function
    numbers = (int(step.quantity.sample) for step in trace.phases["backward"])
    cases = [(points.slope(each), layer, real(layer), values[points.net(each)]) for each in numbers]
    return compared("derivatives", trace, values, cases)


def output_deltas(trace: Trace, values: Exact) -> Finding:
    """The δ of an output unit against the central difference of its loss by its net input."""
    task = trace.problem.of(OutputDelta)
    delta = Quantity("delta", OUTPUT, output_delta.UNIT)
    return compared("δ", trace, values, [of_output(trace, delta, task.unit, task.loss, values)])


def hidden_deltas(trace: Trace, values: Exact) -> Finding:
    """The δ of a hidden unit, and of each output unit that it is worked out from."""
    task = trace.problem.of(HiddenDelta)
    fed = list(hidden_delta.fed(task))
    delta = Quantity("delta", HIDDEN, hidden_delta.UNIT)
    back = sum(
        values[Quantity("weight", NEXT, name, hidden_delta.UNIT)] * values[Quantity("delta", NEXT, name)]
        for name, _ in fed
    )
    out = real(task.unit.function)
    cases = [
        of_output(trace, Quantity("delta", NEXT, name), each.unit, task.loss, values) for name, each in fed if each.unit
    ]
    cases.append(
        (delta, task.unit.function, lambda z: CONTEXT.multiply(back, out(z)), net_of(task.unit, delta, values))
    )
    return compared("δ", trace, values, cases)


def learned(trace: Trace, values: Exact) -> Finding:
    """Each change of an epoch against the central difference of the loss that its activation goes with."""
    task = trace.problem.of(Epoch)
    loss = LEARNED.get(task.function.activation)
    if loss is None:
        return Finding("changes", 0, (), ("left out: this activation has no slope to learn from by this rule",))
    out, cases = real(task.function), []
    fixed = Decimal(-1 if trace.names.convention.bias == "subtracted" else 1)
    for step in trace.phases["update"]:
        if step.quantity.role == "change":
            source, sample = int(step.quantity.source), int(step.quantity.sample)
            net, target = values[epoch.of_sample("net", sample)], values[epoch.of_sample("target", sample)]
            arriving = values[epoch.signal(source, sample)] if source else fixed
            cases.append(
                (step.quantity, task.function, moved(loss, out, net, arriving, target, values[RATE]), Decimal(0))
            )
    return compared("changes", trace, values, cases)


def moved(loss: Loss, out: Real, net: Decimal, arriving: Decimal, target: Decimal, rate: Decimal) -> Real:
    """−η times the loss, as a function of how far a weight is moved."""
    return lambda far: CONTEXT.multiply(-rate, loss(target, out(CONTEXT.fma(far, arriving, net))))


def cross_entropy(target: Decimal, output: Decimal) -> Decimal:
    """−t ln o − (1 − t) ln(1 − o)"""
    rest = CONTEXT.multiply(CONTEXT.subtract(1, target), CONTEXT.ln(CONTEXT.subtract(1, output)))
    return -CONTEXT.fma(target, CONTEXT.ln(output), rest)


def half_square(target: Decimal, output: Decimal) -> Decimal:
    """½ (t − o)²"""
    error = CONTEXT.subtract(target, output)
    return CONTEXT.divide(CONTEXT.multiply(error, error), 2)


LEARNED: Mapping[str, Loss] = {
    "sigmoid": cross_entropy,
    "linear": half_square,
}
"""The loss that the delta rule goes down with each activation: the cross-entropy, and half the squared error."""

Case = tuple[Quantity, Function, Real, Decimal | None]
"""A derivative: the quantity that should be it, the activation, what is differentiated, and where if it is known."""


def of_output(trace: Trace, delta: Quantity, unit: GivenUnit, loss: str, values: Exact) -> Case:
    """The δ of an output unit: the derivative of its loss, by the sign that the convention gives it."""
    sign = -1 if trace.names.convention.delta == "downhill" else 1
    formula, out = usual(loss).value(((TARGET, VALUE),)), real(unit.function)
    target = values[Quantity("target", delta.layer, delta.unit)]
    return (
        delta,
        unit.function,
        lambda z: sign * evaluated(formula, {TARGET: target, VALUE: out(z)}),
        net_of(unit, delta, values),
    )


def compared(subject: str, trace: Trace, values: Exact, cases: Sequence[Case]) -> Finding:
    """Each quantity against the central difference of a function."""
    held, kinks, unknown, wrong = 0, 0, 0, []
    for quantity, layer, function, at in cases:
        step = trace.index[quantity]
        if at is None:
            unknown += 1
        elif at in activation(layer).kinks:
            kinks += 1
        elif not agree(values[quantity], slope := central_difference(function, at)):
            wrong.append(f"{step.name}: {values[quantity]:.12g}, derivative {slope:.12g}")
        elif not states(trace, step, values):
            wrong.append(f"{step.name}: carried {step.value}, exactly {values[quantity]:.17g}")
        else:
            held += 1
    lost = (f"{unknown} left out: no net input gives this output",) if unknown else ()
    return Finding(subject, held, tuple(wrong), (*left_out(kinks), *lost))


def central_difference(function: Real, at: Decimal) -> Decimal:
    """(f(z + h) − f(z − h)) / 2h"""
    ahead, behind = function(CONTEXT.add(at, STEP)), function(CONTEXT.subtract(at, STEP))
    return CONTEXT.divide(CONTEXT.subtract(ahead, behind), 2 * STEP)


def real(layer: Function) -> Real:
    """An activation as a function of a number."""
    formula = activation(layer).value(NET)
    return lambda z: evaluated(formula, {NET: z})


def evaluated(formula: Formula, values: Exact) -> Decimal:
    """The value of a formula, nothing rounded."""
    return Decimal(PRINTED.evaluate(formula, values.__getitem__, ""))


def net_of(unit: GivenUnit, delta: Quantity, values: Exact) -> Decimal | None:
    """The net input of the unit that has this δ: as given, or the one that gives its output; None if there is none.

    The activation is one that grows with the net input.
    """
    net, output = Quantity("net", delta.layer, delta.unit), Quantity("output", delta.layer, delta.unit)
    if net in values:
        return values[net]
    function, low, high = real(unit.function), -FARTHEST, FARTHEST
    for _ in range(HALVINGS):
        middle = CONTEXT.divide(CONTEXT.add(low, high), 2)
        low, high = (middle, high) if function(middle) < values[output] else (low, middle)
    return high if agree(function(high), values[output]) else None
