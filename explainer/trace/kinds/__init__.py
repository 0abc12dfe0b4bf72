"""The equations of each kind of problem: what is given, and what is worked out from it."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib import import_module

from msgspec import Struct

from explainer.maths.quantity import Quantity
from explainer.problem.kinds import module
from explainer.problem.model import Problem
from explainer.trace.connections import own_names
from explainer.trace.derive import Equation
from explainer.trace.names import Names


def usual_names(problem: Problem) -> Names:
    """The names that the convention gives."""
    return Names(problem.convention, problem.task.sizes, own_names(problem.task.parameters))


class Kind(Struct, frozen=True):
    """Every quantity that is `given`, with its number; the equations that `derive` gives, in order; their `names`."""

    given: Callable[[Problem], Iterator[tuple[Quantity, Decimal]]]
    derive: Callable[[Problem], Iterator[Equation]]
    names: Callable[[Problem], Names] = usual_names


def kind_of_equations(name: str) -> Kind:
    """The equations of the kind of this name."""
    kind: Kind = import_module(f"{__name__}.{module(name)}").KIND
    return kind
