"""General laws where the output layer has letters of its own: a law for any unit j is stated for the output too."""

from collections.abc import Callable

from explainer.explain.document import Inlines
from explainer.explain.reading import Reading
from explainer.maths.quantity import Index, Role

Stated = Callable[[Index, Index], Inlines]
"""States a law for a unit: of any layer or of a certain one, by a letter or a number."""


ANY: tuple[Index, Index] = ("l", "j")
"""The layer and the number of any unit."""


def receiver(reading: Reading, *roles: Role) -> tuple[Index, Index]:
    """Any unit; where there is but one layer and it has letters of its own, any of its units."""
    return output(reading) if reading.last == 1 and has_own_letters(reading, *roles) else ANY


def stated_for_any(reading: Reading, stated: Stated, *roles: Role) -> Inlines:
    """A law for any unit."""
    return stated(*receiver(reading, *roles))


def with_output(reading: Reading, stated: Stated, *roles: Role) -> Inlines:
    """A law for any unit, and in brackets what it is at the output where it has other letters there."""
    law = stated_for_any(reading, stated, *roles)
    if reading.last == 1 or not has_own_letters(reading, *roles):
        return law
    return reading.prose("laws.with_output", law=law, output=stated(*output(reading)))


def at_output(reading: Reading, stated: Stated, *roles: Role) -> list[Inlines]:
    """The same in a sentence of its own."""
    if reading.last == 1 or not has_own_letters(reading, *roles):
        return []
    return [reading.prose("laws.at_output", law=stated(*output(reading)))]


def has_own_letters(reading: Reading, *roles: Role) -> bool:
    """Whether any of these roles has another letter in the output layer."""
    return not reading.trace.names.output_patterns.keys().isdisjoint(roles)


def output(reading: Reading) -> tuple[Index, Index]:
    """Any output unit, or the only one."""
    return reading.last, 1 if reading.trace.names.is_bare(reading.last) else "k"
