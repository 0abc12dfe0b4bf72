"""Chains: equal formulas, each following from the one before it by a rule that has a name."""

from collections.abc import Iterable

from msgspec import Struct

from explainer.maths.formula import Comparison, Formula


class Line(Struct, frozen=True):
    """One side of a chain, and the rule by which it follows from the side before it.

    `rule` is a key among the rules of a language, "" on the first side; `about` is what its name mentions. Where
    several rules were used at once, the others are `also`.
    """

    formula: Formula
    rule: str = ""
    about: tuple[Formula, ...] = ()
    also: tuple[str, ...] = ()


Chain = tuple[Line, ...]


class Case(Struct, frozen=True):
    """A chain, and the condition under which it holds; None: always."""

    chain: Chain
    condition: Comparison | None = None


Cases = tuple[Case, ...]
"""Chains, several where there are several cases, or where one prepares the other."""


def chain(first: Formula, *lines: Line) -> Chain:
    """The chain of these lines, without those that only repeat the line before."""
    kept = [Line(first)]
    kept.extend(line for line, before in zip(lines, (kept[0], *lines), strict=False) if line.formula != before.formula)
    return tuple(kept)


def last(lines: Iterable[Line]) -> Formula:
    """What a chain ends with."""
    *_, line = lines
    return line.formula
