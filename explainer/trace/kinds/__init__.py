"""The equations of each kind of problem: what is given, and what is worked out from it."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib import import_module

from msgspec import Struct

from explainer.maths.quantity import Quantity
from explainer.problem.kinds import module
from explainer.problem.model import Problem
from explainer.trace.derive import Equation


class Kind(Struct, frozen=True):
    """Every quantity that is `given`, with its number, and the equations that `derive` gives, in order."""

    given: Callable[[Problem], Iterator[tuple[Quantity, Decimal]]]
    derive: Callable[[Problem], Iterator[Equation]]


def kind_of_equations(name: str) -> Kind:
    """The equations of the kind of this name."""
    kind: Kind = import_module(f"{__name__}.{module(name)}").KIND
    return kind
