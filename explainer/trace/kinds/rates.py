"""The equations of the same update at several learning rates."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from explainer.maths.quantity import Quantity
from explainer.problem.kinds.rates import Rates
from explainer.problem.model import Problem
from explainer.trace.derive import RATE, Equation
from explainer.trace.kinds import Kind
from explainer.trace.kinds.update import DELTA, WEIGHT, gradient_of, moved, signal
from explainer.trace.names import NEW, Name, Names, Slope, Symbol
from explainer.trace.unit import laws_of


class CaseNames(Names):
    """Names without the letters of units, which are always the same here; what differs has the number of its case."""

    def new_name(self, quantity: Quantity) -> Name:
        """Such as η_2, Δw_2, δ or ∂E/∂w."""
        name = super().new_name(replace(quantity, sample=0))
        if isinstance(name, Slope):
            return Slope(name.of, self.bare(name.by))
        return self.bare(name, str(quantity.sample or ""))

    @staticmethod
    def bare(symbol: Symbol, case: str = "") -> Symbol:
        """A symbol without letters, and with the number of a case."""
        return Symbol(symbol.base, case, tuple(mark for mark in symbol.above if mark == NEW))


def names(problem: Problem) -> Names:
    """The names of the convention, with the numbers of the cases."""
    return CaseNames(problem.convention, ())


def cases(problem: Problem) -> Iterator[int]:
    """The numbers of the cases, from 1."""
    return iter(range(1, len(problem.of(Rates).rates) + 1))


def rate(case: int) -> Quantity:
    """The learning rate of a case."""
    return replace(RATE, sample=case)


def weight(case: int) -> Quantity:
    """The weight in a case; before the update it is the same in all of them."""
    return replace(WEIGHT, sample=case)


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The weight, δ, the input and the learning rates."""
    task = problem.of(Rates)
    yield from ((WEIGHT, task.weight), (DELTA, task.delta), (signal(problem), task.signal))
    yield from zip(map(rate, cases(problem)), task.rates, strict=True)


def derive(problem: Problem) -> Iterator[Equation]:
    """The slope where it has a name, and in each case the change and the new value."""
    if laws_of(problem).by_gradient:
        yield gradient_of(problem)
    for case in cases(problem):
        yield from moved(problem, weight(case), rate(case))


KIND = Kind(given, derive, names)
