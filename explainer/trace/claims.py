"""What a derivation shows: its claims, each a chain of equal formulas, and for which units they hold."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from explainer.maths.chain import Cases, Chain
from explainer.maths.formula import Formula
from explainer.problem.model import Function

Place = Literal["any", "hidden", "output"]
"""Which units a chain holds for."""


class Claim(Struct, frozen=True):
    """What one part of a derivation shows of a network, and for which units: of hidden ones, with this function."""

    place: Place
    chain: Chain
    function: Function | None = None


class SlopeClaim(Struct, frozen=True):
    """A slope derived by itself: its chains hold for any numbers in the place of what is in them.

    Every case comes to the formula that stands for all of them `together`, if there is one; `numbers` are those of
    letters that stand for certain ones.
    """

    cases: Cases
    together: Formula | None = None
    numbers: Mapping[str, Decimal] = {}
