"""The equations of the same update at several learning rates."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from explainer.maths.quantity import Quantity
from explainer.problem.kinds.rates import Rates
from explainer.problem.model import Problem
from explainer.trace.derive import RATE, Equation
from explainer.trace.kinds import Kind
from explainer.trace.kinds.update import CHANGE, DELTA, SIGNAL, WEIGHT
from explainer.trace.names import NEW, Name, Names, Slope, Symbol
from explainer.trace.unit import laws_of


class CaseNames(Names):
    """Names without the letters of units, which are always the same here; what differs has the number of its case."""

    def new_name(self, quantity: Quantity) -> Name:
        """Such as η_2, Δw_2 or δ."""
        symbol = super().new_name(replace(quantity, sample=0))
        if isinstance(symbol, Slope):
            return symbol
        new = tuple(mark for mark in symbol.above if mark == NEW)
        return Symbol(symbol.base, str(quantity.sample or ""), new)


def names(problem: Problem) -> Names:
    """The names of the convention, with the numbers of the cases."""
    return CaseNames(problem.convention, ())


def cases(problem: Problem) -> Iterator[int]:
    """The numbers of the cases, from 1."""
    return iter(range(1, len(problem.of(Rates).rates) + 1))


def rate(case: int) -> Quantity:
    """The learning rate of a case."""
    return replace(RATE, sample=case)


def change(case: int) -> Quantity:
    """The change of the weight in a case."""
    return replace(CHANGE, sample=case)


def new_weight(case: int) -> Quantity:
    """The new weight in a case."""
    return replace(WEIGHT, sample=case).after()


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The weight, δ, the input and the learning rates."""
    task = problem.of(Rates)
    yield from ((WEIGHT, task.weight), (DELTA, task.delta), (SIGNAL, task.signal))
    yield from zip(map(rate, cases(problem)), task.rates, strict=True)


def derive(problem: Problem) -> Iterator[Equation]:
    """The change and the new value in each case."""
    laws = laws_of(problem)
    for case in cases(problem):
        yield Equation(change(case), laws.change(rate(case), (DELTA, SIGNAL)), "change", "update")
        yield Equation(new_weight(case), laws.update(WEIGHT, change(case)), "new_value", "update")


KIND = Kind(given, derive, names)
