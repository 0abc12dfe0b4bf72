"""The derivatives of small exercises, checked by central differences that know nothing of their formulas.

Everything is worked out with 40 digits. Where only the output of a unit is given, its net input is found by
halving an interval.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from explainer.check.derivatives import agree, left_out, states
from explainer.check.findings import Finding
from explainer.maths.arithmetic import PRINTED
from explainer.maths.formula import Formula
from explainer.maths.losses import LOSSES
from explainer.maths.losses import Loss as Measured
from explainer.maths.numerals import CONTEXT
from explainer.maths.quantity import Index, Quantity
from explainer.problem.kinds.epoch import Epoch
from explainer.problem.kinds.function import Points
from explainer.problem.kinds.hidden_delta import HiddenDelta
from explainer.problem.kinds.output_delta import OutputDelta
from explainer.problem.model import Function
from explainer.problem.unit import GivenUnit, Measure
from explainer.trace.derive import RATE, activation
from explainer.trace.differences import STEP, Exact
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
    places = {each: values[points.net(each)] for each in numbers}
    cases = [Case(points.slope(each), real(layer), at, joins(layer, at)) for each, at in places.items()]
    return compared("derivatives", trace, values, cases)


def output_deltas(trace: Trace, values: Exact) -> Finding:
    """The δ of each output unit against the central difference of the loss by its net input."""
    task = trace.problem.of(OutputDelta)
    units = output_delta.units(task)
    cases = [of_output(trace, task.measure, OUTPUT, name, units, len(units), values) for name in units]
    return compared("δ", trace, values, cases)


def hidden_deltas(trace: Trace, values: Exact) -> Finding:
    """The δ of a hidden unit, and of each output unit that it is worked out from."""
    task = trace.problem.of(HiddenDelta)
    fed = dict(hidden_delta.fed(task))
    delta = Quantity("delta", HIDDEN, hidden_delta.UNIT)
    back = sum(
        values[Quantity("weight", NEXT, name, hidden_delta.UNIT)] * values[Quantity("delta", NEXT, name)]
        for name in fed
    )
    out = real(task.unit.function)
    outputs = {name: each.unit for name, each in fed.items() if each.unit}
    cases = [
        of_output(trace, task.measure, NEXT, name, {name: unit}, len(fed), values) for name, unit in outputs.items()
    ]
    at = net_of(task.unit, delta, values)
    cases.append(Case(delta, lambda z: CONTEXT.multiply(back, out(z)), at, joins(task.unit.function, at)))
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
            rule = moved(loss, out, net, arriving, target, values[RATE])
            cases.append(Case(step.quantity, rule, Decimal(0)))
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


class Case(Struct, frozen=True):
    """A derivative: the `quantity` that should be it, what is differentiated, and where if it is known.

    `joined` tells that two pieces of the activation or of the loss meet there.
    """

    quantity: Quantity
    function: Real
    at: Decimal | None
    joined: bool = False


def of_output(
    trace: Trace,
    measure: Measure,
    layer: Index,
    name: Index,
    units: Mapping[Index, GivenUnit],
    count: int,
    values: Exact,
) -> Case:
    """The δ of an output unit: the derivative of the loss, by the sign that the convention gives it."""
    delta, unit = Quantity("delta", layer, name), units[name]
    sign = -1 if trace.names.convention.delta == "downhill" else 1
    targets = {other: values[Quantity("target", layer, other)] for other in units}
    if activation(unit.function).layer is None:
        measured, at = of_one(measure.loss, unit.function, targets[name], count), net_of(unit, delta, values)
    elif len(units) == 1:  # beside the others it is a sigmoid of its net input less the logarithm of their sum
        entropy = LOSSES["binary-cross-entropy"].make()
        measured, at = of_one(entropy, SIGMOID, targets[name], 1), net_of(unit, delta, values, SIGMOID)
    else:
        nets = nets_of_layer(layer, units, values)
        measured, at = of_layer(measure.loss, nets or {}, targets, name), nets[name] if nets else None
    joined = joins(unit.function, at) or meets(measure.loss, targets, layer, values)
    return Case(delta, lambda z: sign * measured(z), at, joined)


def meets(loss: Measured, targets: Mapping[Index, Decimal], layer: Index, values: Exact) -> bool:
    """Whether two pieces of a loss meet at any of the outputs."""
    if loss.joint is None:
        return False
    joint = loss.joint(TARGET, VALUE)
    ends = ((target, values[Quantity("output", layer, name)]) for name, target in targets.items())
    return any(not evaluated(joint, {TARGET: target, VALUE: output}) for target, output in ends)


def of_one(loss: Measured, function: Function, target: Decimal, count: int) -> Real:
    """The share of one of so many outputs in the loss, as a function of its net input."""
    out, share = real(function), loss.whole(loss.term(TARGET, VALUE), count, 1)
    return lambda z: evaluated(share, {TARGET: target, VALUE: out(z)})


SIGMOID = Function("sigmoid", {})


def of_layer(loss: Measured, nets: Mapping[Index, Decimal], targets: Mapping[Index, Decimal], moved: Index) -> Real:
    """The loss of a softmax layer as a function of one of its net inputs."""
    formula = loss.value(tuple((replace(TARGET, unit=name), replace(VALUE, unit=name)) for name in nets))

    def value(z: Decimal) -> Decimal:
        """The loss at this net input."""
        powers = {name: CONTEXT.exp(z if name == moved else net) for name, net in nets.items()}
        whole = sum(powers.values())
        outputs = {replace(VALUE, unit=name): CONTEXT.divide(each, whole) for name, each in powers.items()}
        return evaluated(formula, {**outputs, **{replace(TARGET, unit=name): each for name, each in targets.items()}})

    return value


def nets_of_layer(layer: Index, units: Iterable[Index], values: Exact) -> dict[Index, Decimal] | None:
    """The net inputs of a softmax layer: as given, or ones that give the outputs; None if none do.

    All may be larger by the same.
    """
    known = {name: Quantity("net", layer, name) for name in units}
    if all(net in values for net in known.values()):
        return {name: values[net] for name, net in known.items()}
    outputs = {name: values[Quantity("output", layer, name)] for name in units}
    if sum(outputs.values()) != 1 or not all(outputs.values()):
        return None
    return {name: CONTEXT.ln(output) for name, output in outputs.items()}


def compared(subject: str, trace: Trace, values: Exact, cases: Sequence[Case]) -> Finding:
    """Each quantity against the central difference of a function."""
    held, kinks, unknown, wrong = 0, 0, 0, []
    for case in cases:
        quantity, step = case.quantity, trace.index[case.quantity]
        if case.at is None:
            unknown += 1
        elif case.joined:
            kinks += 1
        elif not agree(values[quantity], slope := central_difference(case.function, case.at)):
            wrong.append(f"{step.name}: {values[quantity]:.12g}, derivative {slope:.12g}")
        elif not states(trace, step, values):
            wrong.append(f"{step.name}: carried {step.value}, exactly {values[quantity]:.17g}")
        else:
            held += 1
    lost = (f"{unknown} left out: no net input gives this output",) if unknown else ()
    return Finding(subject, held, tuple(wrong), (*left_out(kinks), *lost))


def joins(layer: Function, at: Decimal | None) -> bool:
    """Whether two pieces of an activation meet at a net input."""
    function = activation(layer)
    joints = (*function.kinks, *function.joints)
    return at is not None and (at in joints or any(not evaluated(tie, {NET: at}) for tie in function.ties(NET)))


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


def net_of(unit: GivenUnit, delta: Quantity, values: Exact, function: Function | None = None) -> Decimal | None:
    """The net input of the unit that has this δ: as given, or the one that gives its output; None if there is none.

    The activation is one that grows with the net input.
    """
    net, output = Quantity("net", delta.layer, delta.unit), Quantity("output", delta.layer, delta.unit)
    if net in values:
        return values[net]
    out, low, high = real(function or unit.function), -FARTHEST, FARTHEST
    for _ in range(HALVINGS):
        middle = CONTEXT.divide(CONTEXT.add(low, high), 2)
        low, high = (middle, high) if out(middle) < values[output] else (low, middle)
    return high if agree(out(high), values[output]) else None
