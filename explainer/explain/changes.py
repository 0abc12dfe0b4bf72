"""Changes of parameters beside the table that has them: it shows new values that are rounded, less the old ones."""

from decimal import Decimal

from explainer.explain.document import Inlines
from explainer.explain.reading import Reading
from explainer.maths.formula import difference
from explainer.maths.quantity import Quantity
from explainer.trace.trace import Step


def in_table(reading: Reading, change: Quantity) -> Decimal:
    """The size of a change as the table has it."""
    parameter = change.parameter()
    worked = reading.trace.worked(difference(parameter.after(), parameter), parameter.role, "update")
    return worked.numeral.digits.copy_abs()


def amount(reading: Reading, most: Quantity, changes: list[Step]) -> Inlines:
    """The largest change; where the table shows another as large, said to be that before the new value is rounded."""
    sizes = {step.quantity: in_table(reading, step.quantity) for step in changes}
    number, largest = (reading.signed(most),), max(sizes.values())
    alone = [each for each, size in sizes.items() if size == largest] == [most]
    return number if alone else reading.prose("remarks.unrounded", change=number)


def stays_tied(reading: Reading, most: list[Quantity], changes: list[Step]) -> bool:
    """Whether the table too has these changes alike in size, and all the others smaller."""
    sizes = [in_table(reading, step.quantity) for step in changes]
    return sizes.count(max(sizes)) == len(most) == sum(in_table(reading, each) == max(sizes) for each in most)


def stays_smaller(reading: Reading, changes: list[Step], *, still: bool) -> bool:
    """Whether the table too has every change of the output layer, `still` ones left out, larger than all the others."""
    sizes = [(step.quantity.layer == reading.last, in_table(reading, step.quantity)) for step in changes]
    outer, inner = ([size for last, size in sizes if last is which] for which in (True, False))
    return min((size for size in outer if size or not still), default=Decimal(0)) > max(inner)
