"""What a derivation shows: its claims, each a chain of equal formulas, and for which units they hold."""

from typing import Literal

from msgspec import Struct

from explainer.maths.chain import Chain
from explainer.maths.formula import Formula
from explainer.maths.slopes import SLOPES, Slope
from explainer.problem.model import Function
from explainer.trace.laws import Unit

Place = Literal["any", "hidden", "output"]
"""Which units a chain holds for."""


class Claim(Struct, frozen=True):
    """What one part of the derivation shows, and for which units."""

    place: Place
    chain: Chain


class SlopeClaim(Struct, frozen=True):
    """The slope of an activation function, for any number z; `unit` is one that it is the function of."""

    place: Place
    function: Function
    unit: Unit
    cases: Slope


def derived_slope(place: Place, function: Function, unit: Unit) -> SlopeClaim:
    """∂o/∂net of a unit, derived from its activation function."""
    return SlopeClaim(place, function, unit, SLOPES[function.activation](**function.parameters))


class Shape(Struct, frozen=True):
    """The error term of a kind of unit, as local derivative × error signal."""

    place: Place
    local: Formula
    signal: Formula
