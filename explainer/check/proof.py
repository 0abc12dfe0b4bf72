"""Derivations proved by SymPy: every line is equal to the line before it. Imports SymPy.

Letters become units of a small network with random rational numbers (`worlds`), where each side means something that
knows nothing of the rule printed beside it; two sides are equal if they are the same number. That a slope which was
derived by itself is that of a function is proved by itself, from what the function is.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import sympy

from explainer.check.findings import Finding
from explainer.check.worlds import LAST, Numbers, Value, World
from explainer.maths.formula import Comparison, Constant, Formula, Letter, Named, Partial, Prime, parts, walk
from explainer.maths.quantity import Quantity
from explainer.maths.slopes import Z
from explainer.maths.symbolic import COMPARED, applied
from explainer.problem.model import Function
from explainer.publish.text import TextPrinter
from explainer.trace.claims import Claim, Place, SlopeClaim
from explainer.trace.names import Names
from explainer.trace.principles.setting import Setting
from explainer.trace.principles.whole import ALL, Part, claims

LAYERS: Mapping[Place, tuple[int, ...]] = {"any": (2, 3), "hidden": (1, 2), "output": (LAST,)}
"""Where the layer of "any" unit may lie: what comes into it is given."""

DIGITS = 50

AGREED = sympy.Float("1e-35", DIGITS)
"""Where powers of e keep a number from being rational, two sides agree to less than this part of the larger or of 1."""

POINTS = 3
"""So many times random numbers are put in where there are cases, or powers of e; else once proves it, near enough."""

MOST_DRAWS = 1000
"""So many times numbers are drawn until a condition holds."""

PRINTER = TextPrinter()


# -- a slope by itself -----------------------------------------------------------------------------------


class Letters:
    """Letters and quantities that stand for any numbers: every formula is an expression of their symbols."""

    def __init__(self, numbers: Mapping[str, Any]) -> None:
        self.numbers = numbers

    def expressed(self, formula: Formula) -> Value:
        """The expression of a formula; a derivative is SymPy's."""
        match formula:
            case Quantity():
                return sympy.Symbol(f"{formula.role}{formula.layer}{formula.unit}", real=True)
            case Letter(name) if name in self.numbers:
                return sympy.Rational(str(self.numbers[name]))
            case Named(_, _, stands_for):
                return self.expressed(stands_for)
            case Partial(of, by):
                return sympy.diff(self.expressed(of), self.expressed(by))
            case Prime(of):
                return sympy.diff(self.expressed(of), self.expressed(Z))
        return applied(formula, [self.expressed(part) for part in parts(formula)])

    def points(self, condition: Comparison | None, formulas: list[Value]) -> Iterator[Mapping[Value, Value]]:
        """Random numbers for the symbols of some formulas, where a condition holds."""
        sides = [] if condition is None else [condition.left, condition.right]
        holds = sympy.true if condition is None else COMPARED[condition.sign](*map(self.expressed, sides))
        written = [each for side in sides for each in walk(side)]
        constants = [abs(sympy.Rational(str(each.value))) for each in written if isinstance(each, Constant)]
        symbols = sorted({each for found in (*formulas, holds) for each in found.free_symbols}, key=str)
        numbers = Numbers(0, 2 * max((each for each in constants if each), default=1))
        found = 0
        for draw in range(MOST_DRAWS):
            point = {symbol: numbers[symbol, draw] for symbol in symbols}
            if holds.subs(point):
                yield point
                found += 1
                if found == POINTS:
                    return
        raise ValueError(f"no numbers are found for which {condition} holds")


def agree(one: Value, other: Value) -> bool:
    """Whether two numbers are the same; to many digits, where they are not rational."""
    if one.is_Rational and other.is_Rational:
        return bool(one == other)
    left, right = sympy.N(one, DIGITS), sympy.N(other, DIGITS)
    return bool(abs(left - right) <= AGREED * max(1, abs(left), abs(right)))


# -- the proof -------------------------------------------------------------------------------------------

Compared = tuple[Formula, Formula, bool]
"""Two neighboring sides of a chain, and whether they are equal."""


class Proof:
    """The proof of the claims of a derivation."""

    def __init__(self, own: Setting) -> None:
        self.own = own
        self.worlds: list[tuple[int, Function | None, int, World]] = []

    def compared(self, claim: Claim | SlopeClaim) -> Iterator[Compared]:
        """Every two neighboring sides of a claim, and whether they are equal."""
        if isinstance(claim, SlopeClaim):
            yield from self.by_itself(claim)
            return
        several = claim.place == "output" and self.own.loss_slope.together
        seeds = range(POINTS if several else 1)
        worlds = [self.world(layer, claim.function, seed) for layer in LAYERS[claim.place] for seed in seeds]
        sides = [(line.formula, [world.side(line.formula) for world in worlds]) for line in claim.chain]
        for (before, one), (line, other) in pairwise(sides):
            yield before, line, all(map(agree, one, other))

    def by_itself(self, claim: SlopeClaim) -> Iterator[Compared]:
        """The sides of a slope that is derived by itself, in every case."""
        letters = Letters(claim.numbers)
        for case in claim.cases:
            lines = [line.formula for line in case.chain]
            if claim.together is not None and (case.condition or case is claim.cases[-1]):
                lines.append(claim.together)
            found = [letters.expressed(line) for line in lines]
            points = list(letters.points(case.condition, found))
            values = [[each.subs(point).doit() for point in points] for each in found]
            for (before, one), (line, other) in pairwise(zip(lines, values, strict=True)):
                yield before, line, all(map(agree, one, other))

    def world(self, layer: int, function: Function | None, seed: int) -> World:
        """The network for these units, made once."""
        for *key, world in self.worlds:
            if key == [layer, function, seed]:
                return world
        made = World(self.own, layer, function, seed)
        self.worlds.append((layer, function, seed, made))
        return made


def proof(own: Setting, names: Names, parts: Sequence[Part] = ALL) -> Finding:
    """Every line of a derivation against the line before it."""
    held, wrong, found = 0, [], Proof(own)
    for name, claim in claims(own, parts):
        for before, line, equal in found.compared(claim):
            if equal:
                held += 1
            else:
                wrong.append(f"{name}: {PRINTER.unbroken(before, names)} = {PRINTER.unbroken(line, names)}")
    return Finding("derivation", held, tuple(wrong))
