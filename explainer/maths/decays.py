"""How the learning rate falls from step to step or from epoch to epoch: formulas of η₀ and of τ, how many are over."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from explainer.maths.formula import (
    ONE,
    AnyPower,
    Call,
    Constant,
    Exponential,
    Formula,
    Negation,
    Power,
    Product,
    Quotient,
    Sum,
    difference,
    product,
)
from explainer.maths.optimizers import setting
from explainer.maths.parameters import Family, Parameter

FIRST, LEAST, OVER = setting("η_0"), setting("η_min"), setting("τ")
"""The rate at the beginning and at the end, whatever a rate is called; and how many epochs or steps are over."""

TIMES = "k"
"""The letter for how often the rate has been multiplied before any step."""

HALF = Constant(Fraction(1, 2))


class Decay(Struct, frozen=True):
    """A rule by which the rate falls: its `settings` by their signs, and the `rate` of a step.

    That is told how many epochs or steps are over, or None for any step. Where the rule is one formula for all of them,
    it `counts` none, and τ stands in it.
    """

    settings: Mapping[str, Decimal]
    rate: Callable[[int | None], Formula]
    counts: bool = False


class DecayFamily(Family, frozen=True, kw_only=True):
    """Rules of one name: `make` takes the parameters."""

    make: Callable[..., Decay]


def step(factor: Decimal, every: Decimal) -> Decay:
    """η = η₀ q^⌊τ/T⌋"""

    def rate(over: int | None) -> Formula:
        if over is None:
            return Product((FIRST, AnyPower(setting("q"), TIMES)))
        times = over // int(every)
        return product(FIRST, *([Power(setting("q"), times) if times > 1 else setting("q")] if times else []))

    return Decay({"q": factor}, rate, counts=True)


def exponential(rate: Decimal) -> Decay:
    """η = η₀ e^(−κτ)"""
    return Decay({"κ": rate}, lambda _: Product((FIRST, Exponential(Negation(Product((setting("κ"), OVER)))))))


def inverse_time(rate: Decimal) -> Decay:
    """η = η₀ / (1 + κτ)  [Robbins and Monro, A stochastic approximation method (1951)]"""
    return Decay({"κ": rate}, lambda _: Quotient(FIRST, Sum((ONE, Product((setting("κ"), OVER))))))


def cosine(over: Decimal, minimum: Decimal) -> Decay:
    """η = η_min + ½ (η₀ − η_min)(1 + cos(πτ/T)), and from τ = T on η_min

    [Loshchilov and Hutter, SGDR: Stochastic gradient descent with warm restarts (2017), equation 5]
    """
    span = {"T": over, "η_min": minimum} if minimum else {"T": over}

    def rate(done: int | None) -> Formula:
        if done is not None and done >= over:
            return LEAST if minimum else Constant(0)
        wave = Sum((ONE, Call("cos", (Quotient(OVER, setting("T")),))))
        fall = Product((HALF, difference(FIRST, LEAST) if minimum else FIRST, wave))
        return Sum((LEAST, fall)) if minimum else fall

    return Decay(span, rate, counts=True)


PER = Parameter("Whether the rate falls from epoch to epoch, or from step to step.", "epoch", choices=("epoch", "step"))
RATE = Parameter("How fast it falls, κ.", Decimal("0.1"), above=0)
SPAN = "How many epochs or steps"

DECAYS: Mapping[str, DecayFamily] = {
    "step": DecayFamily(
        make=step,
        parameters={
            "factor": Parameter("By what it is multiplied, q.", Decimal("0.5"), above=0, below=1),
            "every": Parameter(f"{SPAN} lie between.", Decimal(10), above=0, whole=True),
            "per": PER,
        },
    ),
    "exponential": DecayFamily(make=exponential, parameters={"rate": RATE, "per": PER}),
    "inverse-time": DecayFamily(make=inverse_time, parameters={"rate": RATE, "per": PER}),
    "cosine": DecayFamily(
        make=cosine,
        parameters={
            "over": Parameter(f"{SPAN} it falls for.", Decimal(10), above=0, whole=True),
            "minimum": Parameter("The rate at which it ends.", Decimal(0), least=0),
            "per": PER,
        },
    ),
}
"""Every rule by its name in a problem file  [Stanford's CS231n, Neural networks part 3, but for the cosine]"""
