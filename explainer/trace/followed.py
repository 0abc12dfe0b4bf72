"""The parameters that a training is asked to follow, found by their names."""

from collections.abc import Collection

from msgspec.structs import replace

from explainer.maths.quantity import Quantity
from explainer.problem.faults import Fault, Parts, ProblemError
from explainer.problem.model import Problem
from explainer.trace.finder import Finder
from explainer.trace.kinds.training import names


def followed(problem: Problem, known: Collection[Quantity]) -> tuple[Quantity, ...]:
    """The quantities among those known that `presentation.parameters` names.

    The names are those of the convention that the file is written in, whichever the page is in, or else the page's.

    Raises:
        ProblemError: there are none of these names.
    """
    written = [replace(problem, convention=problem.written_in), problem]
    finders = [Finder(names(each), known) for each in written]
    parts = Parts()
    found = [parts.attempt(find, finders, name, place) for place, name in enumerate(problem.presentation.parameters)]
    parts.settle()
    return tuple(quantity for quantity in found if quantity is not None)


def find(finders: list[Finder], name: str, place: int) -> Quantity:
    """The quantity that one of the finders knows by a name."""
    for finder in finders:
        try:
            return finder(name)
        except ProblemError as error:
            refused = error
    told = (Fault(f"presentation.parameters[{place}]", each.message) for each in refused.faults)
    raise ProblemError(told)
