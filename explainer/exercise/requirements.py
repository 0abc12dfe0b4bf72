"""What is required of numbers that are good to calculate with by hand: each requirement is one entry of a table.

A requirement is read from a trace, and names the quantities that break it.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import combinations, groupby

from msgspec import Struct

from explainer.maths.formula import Constant, Formula, difference
from explainer.maths.numerals import ZERO, unit
from explainer.maths.quantity import Phase, Quantity, Role
from explainer.trace.derive import activation
from explainer.trace.trace import Trace

LIVE = Decimal("0.36")
"""A unit is live where its activation is at least so steep, compared with where that is steepest.

A sigmoid is live between 0.1 and 0.9, a tanh between −0.8 and 0.8, a ReLU above 0.
"""

AROUND = range(-2, 3)
"""Among these net inputs the steepest place of an activation is looked for."""

CLEAR = Decimal("0.1")
"""A net input keeps this distance from a kink, and an output from its target."""

LARGEST_NET = 4
LARGEST_ERROR = 2

SMALL_DELTA = Decimal("0.0005")
"""No δ is smaller, unless more decimals are printed than four; with fewer than four, it shows in the last one."""


class Requirement(Struct, frozen=True):
    """`broken` gives the quantities that break it; `lacks` says what is the matter then, and `remedy` what helps."""

    broken: Callable[[Trace], Iterator[Quantity]]
    lacks: str
    remedy: str


def flat(trace: Trace) -> Iterator[Quantity]:
    """Every unit is live: neither dead nor saturated."""
    for layer, members in by_layer(trace, "net"):
        steepest = max(slopes_around(trace, layer), default=ZERO)
        for net in members:
            if abs(slope(trace, layer, net)) < LIVE * steepest:
                yield net


def slopes_around(trace: Trace, layer: int) -> Iterator[Decimal]:
    """The sizes of f′ of a layer's units at some net inputs, where it has a value there."""
    for z in AROUND:
        try:
            yield abs(slope(trace, layer, Constant(z)))
        except ArithmeticError:
            continue


def slope(trace: Trace, layer: int, net: Formula) -> Decimal:
    """f′ of a layer's units at a net input."""
    function = activation(trace.problem.network.layers[layer - 1])
    formula = function.derivative(net, function.value(net))
    return Decimal(trace.arithmetic.evaluate(formula, trace.value, "backward"))


def at_kinks(trace: Trace) -> Iterator[Quantity]:
    """No net input lies at a kink or near one."""
    return (net for net, joint in joints(trace) if abs(valued(trace, joint)) < CLEAR)


def large(trace: Trace) -> Iterator[Quantity]:
    """No net input is large."""
    return (net for net in quantities(trace, "net", "forward") if abs(trace.value(net)) > LARGEST_NET)


def alike(trace: Trace) -> Iterator[Quantity]:
    """No two units of a layer say the same."""
    for _, members in by_layer(trace, "output"):
        for one, other in combinations(members, 2):
            if trace.value(one) == trace.value(other):
                yield other


def off_target(trace: Trace) -> Iterator[Quantity]:
    """Every output is a clear way from its target, and not far off."""
    for error in quantities(trace, "error", "error"):
        if not CLEAR <= abs(trace.value(error)) <= LARGEST_ERROR:
            yield error


def vanishing(trace: Trace) -> Iterator[Quantity]:
    """Every δ is large enough to calculate on with."""
    least = max(last_place(trace), min(5 * last_place(trace), SMALL_DELTA))
    return (delta for delta in quantities(trace, "delta", "backward") if abs(trace.value(delta)) < least)


def unmoved(trace: Trace) -> Iterator[Quantity]:
    """Every parameter changes in the digits that are printed."""
    least = last_place(trace)
    return (change for change in quantities(trace, "change", "update") if abs(trace.value(change)) < least)


def astray(trace: Trace) -> Iterator[Quantity]:
    """Every output comes closer to its target and does not pass it, and no net input passes a kink.

    If it does, the step is too large, and it is the error that names it.
    """
    (loss,) = quantities(trace, "loss", "error")
    errors = [(trace.value(error), trace.value(error.after())) for error in quantities(trace, "error", "error")]
    afterwards = (joint for _, joint in joints(trace, "check"))
    nets = [
        (valued(trace, one), valued(trace, other)) for (_, one), other in zip(joints(trace), afterwards, strict=True)
    ]
    past = any(before * after < 0 for before, after in (*errors, *nets))
    if past or any(abs(after) > abs(before) for before, after in errors):
        yield loss


def not_falling(trace: Trace) -> Iterator[Quantity]:
    """The error falls, by a hundredth or more, and so that the printed digits show it."""
    (before,), (after,) = quantities(trace, "loss", "error"), quantities(trace, "loss", "check")
    value = trace.value(before)
    if value - trace.value(after) < max(2 * last_place(trace), value / 100):
        yield before


REQUIREMENTS = (
    Requirement(flat, "a unit is dead or saturated", "another --seed, or fewer units"),
    Requirement(at_kinks, "a net input lies where the activation has a kink", "another --seed, or another activation"),
    Requirement(large, "a net input is large", "another --seed, or fewer units"),
    Requirement(alike, "two units of a layer have the same output", "more --decimals, or fewer units"),
    Requirement(off_target, "an output has reached its target already", "another --seed, or another output activation"),
    Requirement(vanishing, "a δ is too small to calculate with", "more --decimals, or fewer layers"),
    Requirement(unmoved, "a change is too small to be seen", "more --decimals, or a larger --learning-rate"),
    Requirement(astray, "the step goes too far, past a target or a kink", "a smaller --learning-rate"),
    Requirement(not_falling, "the error does not visibly fall", "a smaller --learning-rate, or more --decimals"),
)


def quantities(trace: Trace, role: Role, phase: Phase) -> Iterator[Quantity]:
    """The quantities of one role in a phase."""
    return (step.quantity for step in trace.phases[phase] if step.quantity.role == role)


def by_layer(trace: Trace, role: Role) -> Iterator[tuple[int, list[Quantity]]]:
    """Each layer with its quantities of one role in the forward pass."""
    for layer, members in groupby(quantities(trace, role, "forward"), key=lambda it: int(it.layer)):
        yield layer, list(members)


def joints(trace: Trace, phase: Phase = "forward") -> Iterator[tuple[Quantity, Formula]]:
    """Each net input of a phase with what is 0 at a kink of its activation, or where two branches of it meet."""
    for net in quantities(trace, "net", phase):
        function = activation(trace.problem.network.layers[int(net.layer) - 1])
        yield from ((net, difference(net, Constant(kink))) for kink in function.kinks)
        yield from ((net, tie) for tie in function.ties(net))


def valued(trace: Trace, formula: Formula) -> Decimal:
    """The value of a formula at the values carried."""
    return Decimal(trace.arithmetic.evaluate(formula, trace.value, "forward"))


def last_place(trace: Trace) -> Decimal:
    """One unit in the last decimal that the problem asks for."""
    return unit(trace.problem.numbers.rounding.places)
