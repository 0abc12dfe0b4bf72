"""Initializers: how the first weights are drawn, and how widely, by the numbers of units on both sides."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from random import Random

from explainer.maths.arithmetic import DecimalArithmetic, Places
from explainer.maths.formula import Call, Constant, Formula, Quotient, Sum
from explainer.maths.numerals import CONTEXT, UNITS, ZERO, Rounding
from explainer.maths.parameters import Chosen, Family, Parameter

GUARD = 2
"""On the way to the scale, so many places more are kept than of the numbers that are drawn."""


class Initializer(Family, frozen=True, kw_only=True):
    """How the weights of a layer are drawn: by `draw`, times the `scale` that the units on both sides ask for.

    What is drawn is made of uniform numbers by exact steps, so that it is the same on any machine.

    `letter` stands for the scale: r for a range, s for a standard deviation. A scale that is given has no formula.
    """

    draw: Callable[[Random], Iterator[Decimal]]
    letter: str = ""
    scale: Callable[[Formula, Formula], Formula] | None = None


def equal(_: Random) -> Iterator[Decimal]:
    """1, again and again."""
    while True:
        yield Decimal(1)


def uniform(random: Random) -> Iterator[Decimal]:
    """Numbers between −1 and 1, all equally likely."""
    while True:
        yield CONTEXT.subtract(CONTEXT.multiply(2, Decimal(random.random())), 1)


def normal(random: Random) -> Iterator[Decimal]:
    """Numbers of the standard normal distribution, two at a time, by the polar method

    [Marsaglia and Bray, A convenient method for generating normal variables (1964)]
    """
    pairs = uniform(random)
    while True:
        one, other = next(pairs), next(pairs)
        square = CONTEXT.add(CONTEXT.multiply(one, one), CONTEXT.multiply(other, other))
        if 0 < square < 1:
            stretch = CONTEXT.sqrt(CONTEXT.divide(CONTEXT.multiply(-2, CONTEXT.ln(square)), square))
            yield from (CONTEXT.multiply(one, stretch), CONTEXT.multiply(other, stretch))


def root_over_both(above: int) -> Callable[[Formula, Formula], Formula]:
    """√(6 / (n_in + n_out)), or with 2"""
    return lambda senders, units: Call("sqrt", (Quotient(Constant(above), Sum((senders, units))),))


def root_over_senders(above: int) -> Callable[[Formula, Formula], Formula]:
    """√(6 / n_in), or with 2"""
    return lambda senders, _: Call("sqrt", (Quotient(Constant(above), senders),))


VALUE = Parameter("The number that all weights are.", Decimal("0.5"))
RANGE = Parameter("The largest size of a weight, r.", Decimal(1), above=0)

INITIALIZERS: Mapping[str, Initializer] = {
    "zeros": Initializer(draw=equal),
    "constant": Initializer(draw=equal, parameters={"value": VALUE}),
    "uniform": Initializer(draw=uniform, letter="r", parameters={"range": RANGE}),
    "xavier-uniform": Initializer(draw=uniform, letter="r", scale=root_over_both(6)),
    "xavier-normal": Initializer(draw=normal, letter="d", scale=root_over_both(2)),
    "he-uniform": Initializer(draw=uniform, letter="r", scale=root_over_senders(6)),
    "he-normal": Initializer(draw=normal, letter="d", scale=root_over_senders(2)),
}
"""Every initializer by its name in a problem file

[Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010), equations 12 and
16; He et al., Delving deep into rectifiers (2015), equation 10, and its uniform form]
"""


def arithmetic(rounding: Rounding) -> DecimalArithmetic:
    """By hand, with this rounding of results."""
    return DecimalArithmetic(Places(rounding, rounding.widened(GUARD), {}), keep_zeros=False)


def scale(name: str, parameters: Mapping[str, Chosen], senders: int, units: int, rounding: Rounding) -> Decimal:
    """The scale for a layer, as it is written down: worked out, or given, or 0."""
    formula = INITIALIZERS[name].scale
    if formula is None:
        return next((Decimal(value) for value in parameters.values()), ZERO)
    worked = formula(Constant(senders), Constant(units))
    return arithmetic(rounding).work(worked, None, rounding, lambda _: ZERO, "update")


def rounded(value: Decimal, rounding: Rounding) -> Decimal:
    """A drawn number as it is written down; what is too small for its decimals is 0."""
    if rounding.kind == "decimals":
        return CONTEXT.quantize(value, UNITS[rounding.places]) or ZERO
    return rounding(value)
