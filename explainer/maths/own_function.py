"""A function that a problem defines itself: by a formula of z, with parameters, and its derivative by the rules."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from explainer.maths.activations import Activation
from explainer.maths.arithmetic import PRINTED
from explainer.maths.differentiation import VARIABLE, Derivative, derivative, letters
from explainer.maths.formula import (
    Call,
    Constant,
    Formula,
    Letter,
    Named,
    Prime,
    difference,
    put_in,
    walk,
)

OUTPUT = "o"
"""The letter that stands for f(z) in a derivative."""


POINTS = tuple(map(Decimal, ("0.3", "-0.4", "0.7", "-1.1", "1.9", "-2.3", "12", "-12")))
"""Where a derivative that is given is compared with the derivative."""

AGREED = Decimal("1e-15")


class OwnFunction(Struct, frozen=True):
    """f(z) as a formula of the letter z and of parameters, each with its number.

    `sign` is what the page calls it. `display` is its derivative in z and o = f(z), where one is given in a form
    of its own.
    """

    sign: str
    formula: Formula
    parameters: Mapping[str, Decimal] = {}
    display: Formula | None = None

    @property
    def stated(self) -> Formula:
        """f(z), for any z"""
        return Named(self.sign, (Letter(VARIABLE),), self.formula)

    @property
    def slope_stated(self) -> Formula:
        """f′(z), for any z"""
        return Named(f"{self.sign}′", (Letter(VARIABLE),), Prime(self.formula))

    @property
    def derivative(self) -> Derivative:
        """The derivative by z, rule by rule."""
        return derivative(self.formula)

    @property
    def activation(self) -> Activation:
        """The function as the activation of a unit."""
        slope = self.derivative.result if self.display is None else self.display
        ties, by_output = tuple(gaps(self.formula)), OUTPUT in letters(slope)
        return Activation(
            value=lambda z: Named(self.sign, (z,), self.at(self.formula, z)),
            definition=lambda z: self.at(self.formula, z),
            derivative=lambda z, o: Named(f"{self.sign}′", (z, o) if by_output else (z,), self.at(slope, z, o)),
            slope=lambda z, o: self.at(slope, z, o),
            ties=lambda z: tuple(self.at(tie, z) for tie in ties),
        )

    def at(self, formula: Formula, z: Formula, o: Formula | None = None) -> Formula:
        """The formula with a net input in place of z, an output in place of o, and the numbers of the parameters."""
        numbers: dict[str, Formula] = {name: Constant(number) for name, number in self.parameters.items()}
        return put_in(formula, {**numbers, VARIABLE: z, **({} if o is None else {OUTPUT: o})})

    def disagreement(self) -> tuple[Decimal, Decimal, Decimal] | None:
        """A point where the derivative that is given is not the one by the rules, and both values there."""
        if self.display is None:
            return None
        right = self.derivative.result
        for point in POINTS:
            z = Constant(point)
            o = number(self.at(self.formula, z))
            if o is None or not all(number(self.at(gap, z)) for gap in gaps(self.formula)):
                continue
            one, other = number(self.at(self.display, z, Constant(o))), number(self.at(right, z))
            if one is None or other is None or abs(one - other) <= AGREED * max(Decimal(1), abs(one), abs(other)):
                continue
            return point, one, other
        return None


def gaps(formula: Formula) -> Iterator[Formula]:
    """What is 0 where a formula may have no derivative: the differences of what max, min and the like choose from."""
    for part in walk(formula):
        match part:
            case Call("max" | "min", (one, other)):
                yield difference(one, other)
            case Call("relu" | "abs", (inner,)):
                yield inner


def number(formula: Formula) -> Decimal | None:
    """The value of a formula without letters, or None where it has none."""
    try:
        found = Decimal(PRINTED.evaluate(formula, dict[object, Decimal]().__getitem__, ""))
    except ArithmeticError:
        return None
    return found if found.is_finite() else None
