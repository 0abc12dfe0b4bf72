"""Rewriting: a formula with some of its parts exchanged; what stays the same is the same node as before."""

from collections.abc import Callable, Mapping
from operator import is_

from explainer.maths.formula import ATOMS, PARTS, Elision, Formula, Sum, rebuilt

FIRST_TERMS = 3
"""How many terms of a shortened sum stand before the dots."""


def changed(formula: Formula, change: Callable[[Formula], Formula]) -> Formula:
    """The formula with a change made to each of its parts that has parts itself; as it is where none changes."""
    inner = PARTS[type(formula)](formula)
    new = tuple([part if type(part) in ATOMS else change(part) for part in inner])
    return formula if all(map(is_, new, inner)) else rebuilt(formula, new)


def replaced(formula: Formula, others: Mapping[int, Formula]) -> Formula:
    """The formula with others in place of some of its parts, which are known by their `id`."""

    def replace(part: Formula) -> Formula:
        return others.get(id(part)) or changed(part, replace)

    return changed(formula, replace)


def shortened(formula: Formula, longest: int) -> Formula:
    """The formula with every sum of more than `longest` terms cut to its first and last terms."""

    def cut(part: Formula) -> Formula:
        if type(part) is Sum and len(part.terms) > max(longest, FIRST_TERMS + 1):
            return Sum((*part.terms[:FIRST_TERMS], Elision(part.terms[FIRST_TERMS:-1]), part.terms[-1]))
        return changed(part, cut)

    return cut(formula)


def is_shortened(formula: Formula) -> bool:
    """Whether terms of the formula have been left out."""
    nodes = [formula]
    for node in nodes:
        nodes += PARTS[type(node)](node)
    return Elision in map(type, nodes)
