"""Reads a page for untruths: every equality worked out again from its printed digits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

from tests import networks
from tests.mathematics import (
    Call,
    Exp,
    Law,
    Neg,
    Node,
    Num,
    Power,
    Product,
    Quotient,
    Sum,
    Sym,
    children,
    leaves,
    negated,
    with_children,
)
from tests.reading import Chain, Side, chains, table_rows
from tests.values import FAR, LARGE, LONGEST, PRECISE, Ranges, decimal, exact, meet, same

# -- what the problem asks for ----------------------------------------------------------------------

GUARD = 2
"""By hand, a sub-result keeps two places more than a result."""

SUBRESULTS: dict[type, str] = {
    Sum: "sum",
    Product: "product",
    Power: "power",
    Quotient: "quotient",
    Exp: "exp",
    Call: "function",
}


@dataclass(frozen=True)
class Rule:
    """A rounding: to decimals, to significant figures, or to all that is worth writing."""

    kind: str
    places: int = 0

    def unit(self, value: Decimal) -> Decimal:
        """One unit of the last digit that a value keeps."""
        figures = {"decimals": self.places + 1, "significant": self.places, "all": LONGEST}[self.kind]
        if self.kind == "decimals" and -self.places <= value.adjusted() < LARGE:
            return Decimal(1).scaleb(-self.places)
        return Decimal((0, (1,), value.adjusted() - figures + 1))

    def __call__(self, value: Decimal) -> Decimal:
        """The value rounded half up."""
        if not value:
            return value
        unit = self.unit(value)
        if self.kind == "decimals" and value.adjusted() == -self.places - 1:  # 0.00006 is 0.0001 at 4 decimals
            unit = Decimal(1).scaleb(-self.places)
        rounded = half_up(value, unit) or half_up(value, self.unit(value))
        if rounded.adjusted() > value.adjusted():  # 9.996 keeps 3 figures as 10.0
            rounded = half_up(rounded, max(unit, self.unit(rounded)))
        return rounded

    def keeps(self, number: Num) -> bool:
        """Whether a large number has no more decimals than are asked for, so that it may stand in full."""
        decimals = number.value.as_tuple().exponent
        return self.kind == "decimals" and number.value.adjusted() >= LARGE and -int(decimals) <= self.places


def half_up(value: Decimal, unit: Decimal) -> Decimal:
    """The multiple of a unit nearest to a value, halves away from zero."""
    return PRECISE.multiply(PRECISE.divide(value, unit).to_integral_value(ROUND_HALF_UP), unit)


def rule(places: networks.Places) -> Rule:
    """The rule that an exception states."""
    if isinstance(places, int):
        return Rule("decimals", places)
    figures = re.search(r"significant = (\d+)", places)
    return Rule("significant", int(figures[1])) if figures else Rule("all")


@dataclass(frozen=True)
class Rules:
    """The roundings of a problem under one arithmetic."""

    rounding: networks.Rounding
    arithmetic: str

    def __call__(self, name: str, phase: str) -> Rule:
        """The rule of a role or a sub-result in a phase."""
        stated = dict(self.rounding.exceptions)
        places = stated.get(f"{phase}.{name}", stated.get(name))
        if places is None and name == "gradient":  # rounded as changes are
            places = stated.get(f"{phase}.change", stated.get("change"))
        if places is not None:
            return rule(places)
        guard = GUARD if self.arithmetic == "decimal" and name in (*SUBRESULTS.values(), "square") else 0
        return Rule(self.rounding.kind, self.rounding.places + guard)

    @property
    def keeps_zeros(self) -> bool:
        """Whether a rounded number shows its trailing zeros."""
        stated = self.rounding.trailing_zeros
        return self.arithmetic == "float" if stated is None else stated

    def spread(self, number: Num) -> float:
        """How far the value carried may be from the digits that are printed, at most."""
        if not number.value or (number.whole and self.keeps_zeros and self.counts(number)):
            return float(Decimal(0))
        every = [self("output", ""), *(rule(places) for _, places in self.rounding.exceptions)]
        coarsest = max(each.unit(number.value) for each in every)
        return float(coarsest if number.whole and not self.keeps_zeros else min(number.unit, coarsest)) / 2

    def counts(self, number: Num) -> bool:
        """Whether a whole number is too short to be a rounding to significant figures."""
        figures = [self.rounding.places] if self.rounding.kind == "significant" else []
        figures += [
            each.places for _, places in self.rounding.exceptions if (each := rule(places)).kind == "significant"
        ]
        return all(number.value.adjusted() + 1 < places for places in figures)


# -- reading a page for untruths --------------------------------------------------------------------

ROLES = (
    (r"(\\frac\{\\partial [^{}]*\}\{\\partial \\mathrm\{net\}.*|∂\w+/∂net.*)", "delta"),
    (r"(\\frac\{\\partial|∂).*", "gradient"),
    (r"(\\lVert .*\^\{2\}|‖∇\w+‖²)$", "square"),
    (r"(\\lVert|‖|g_).*", "gradient"),
    (r"(\\mathrm\{(net|in)\}|net|in|z|X)", "net"),
    (r"(\\hat\{y\}|ŷ|[oahy])", "output"),
    (r"(e|\\mathrm\{Err\}|Err)", "error"),
    (r"([EL]|\\mathrm\{Loss\}|Loss)", "loss"),
    (r"(\\delta|δ|\\Delta|Δ)", "delta"),
    (r"w_?\{?[0₀]", "bias"),
    (r"w", "weight"),
    (r"(b|\\theta|θ)", "bias"),
)


def is_new(symbol: str) -> bool:
    """Whether a symbol stands for a quantity after the step."""
    return "new" in symbol or "ⁿᵉʷ" in symbol


def is_numeric(node: Node) -> bool:
    """Whether a side is made of numbers only."""
    return all(isinstance(leaf, Num) for leaf in leaves(node))


def in_letters(node: Node) -> bool:
    """Whether a side has names in it."""
    return any(isinstance(leaf, Sym) for leaf in leaves(node))


def names_slope(node: Node) -> bool:
    """Whether a derivative is named that is written out in the output, which holds for the output before rounding.

    Functions count too that, written out, are lost in the digits of the tests where they are nearly 0.
    """
    inside = any(map(names_slope, children(node)))
    return inside or (isinstance(node, Call) and node.name in ("ELU'", "SiLU'", "GELU", "GELU'", "softplus", "th'"))


def is_readable(node: Node) -> bool:
    """Whether a side states numbers or names, and neither leaves terms out nor states a law."""
    return all(isinstance(leaf, Num | Sym) for leaf in leaves(node))


def with_numbers(node: Node, numbers: dict[Node, Num]) -> Node:
    """A formula with its names, and derivatives that have been worked out, replaced by the numbers printed for them."""
    if node in numbers:
        return numbers[node]
    inside = children(node)
    return with_children(node, tuple(with_numbers(part, numbers) for part in inside)) if inside else node


def is_name(node: Node) -> bool:
    """Whether a node is what a chain may be about: a name, or the derivative of a function at a named place."""
    return isinstance(node, Sym) or (is_slope(node) and in_letters(node))


def is_slope(node: Node) -> bool:
    """Whether a node is the derivative of a function."""
    return isinstance(node, Call) and node.name.endswith("'")


def matched(left: Node, right: Node) -> list[tuple[Node, Node]] | None:
    """The parts of two trees that correspond, if both are the same operation."""
    pair = children(left), children(right)
    alike = type(left) is type(right) and len(pair[0]) == len(pair[1]) > 0
    if alike and isinstance(left, Call) and isinstance(right, Call):
        alike = left.name == right.name
    if alike and isinstance(left, Power) and isinstance(right, Power):
        alike = left.exponent == right.exponent
    return list(zip(*pair, strict=True)) if alike else None


def merges(left: Node, right: Node) -> Iterator[list[tuple[Node, Node]]]:
    """The parts of two products that correspond, where neighboring factors of the left one became a single number."""
    if not (isinstance(left, Product) and isinstance(right, Product) and len(left.factors) > len(right.factors)):
        return
    size = len(left.factors) - len(right.factors) + 1
    for start, number in enumerate(right.factors):
        if isinstance(number, Num):
            joined = Product(left.factors[start : start + size])
            rest = (*left.factors[:start], joined, *left.factors[start + size :])
            yield list(zip(rest, right.factors, strict=True))


@dataclass(frozen=True)
class Place:
    """Where a side stands: the role of the chain's symbol, its phase, and whether the side is the result."""

    role: str
    phase: str
    last: bool = False
    inside: bool = False
    """Whether it is a factor of a product."""


class Reader:
    """Reads one page of one problem and says what on it is not true."""

    def __init__(self, page: str, markup: str, problem: networks.Problem, arithmetic: str) -> None:
        self.chains = chains(page, markup)
        self.rows = [] if markup == "text" else table_rows(page)
        self.rules = Rules(problem.rounding, arithmetic)
        self.by_hand = arithmetic == "decimal"
        self.outputs = problem.sizes[-1]
        self.parameters = problem.function_parameters
        self.ranges = Ranges(self.rules.spread, self.parameters)
        self.numbers: dict[Node, Num] = {}
        self.checked = 0

    def faults(self, *, signs: bool = True) -> list[str]:
        """Every line that is not true; with `signs`, also = for ≈ and the other way round."""
        found = list(self.contradictions())
        for chain in self.chains:
            found += self.misstated(chain)
            place = self.place(chain[0].node)
            found += self.misplaced(chain)
            for left, right, end in self.pairs(chain):
                found += self.untrue(left, right, Place(place.role, place.phase, end), signs=signs)
        for row in self.rows:
            found += self.untrue_row(row)
        return found

    def contradictions(self) -> Iterator[str]:
        """Gathers the number of every symbol, and says where a page gives it two."""
        for chain in self.chains:
            symbol, result = chain[0].node, chain[-1].node
            if is_name(symbol) and isinstance(result, Num):
                known = self.numbers.setdefault(symbol, result)
                if known != result:
                    yield f"{symbol} is {known.value} and {result.value}"

    def place(self, subject: Node) -> Place:
        """The role and the phase of what a chain is about."""
        if is_slope(subject):  # rounded as the operation is that it comes from
            return Place("", "backward")
        if not isinstance(subject, Sym):
            return Place("error" if self.outputs == 1 else "loss", "check")
        role = next((role for pattern, role in ROLES if re.match(rf"{pattern}(?![A-Za-z])", subject.name)), "given")
        if role in ("weight", "bias"):
            return Place(role, "update" if is_new(subject.name) else "given")
        if role == "gradient":
            return Place(role, "update")
        phase = {"delta": "backward", "error": "error", "loss": "error"}.get(role, "forward")
        return Place(role, "check" if is_new(subject.name) else phase)

    def misstated(self, chain: Chain) -> Iterator[str]:
        """Where a function is stated by cases with a number that is no parameter of the problem."""
        given = self.parameters
        known = {given.slope, given.alpha, given.width, given.width / 2}
        for side in chain:
            if isinstance(side.node, Law):
                wrong = [number for number in re.findall(r"\d+\.\d+", side.text) if Fraction(number) not in known]
                yield from (f"no parameter is {number}: {side.text}" for number in wrong)

    def misplaced(self, chain: Chain) -> Iterator[str]:
        """Where the numbers put in are not those printed for the names they stand for."""
        names = {name: number for name, number in self.numbers.items() if isinstance(name, Sym)}
        for left, right in pairwise(chain):
            put_in = with_numbers(left.node, self.numbers)
            letters = left.node != put_in and is_numeric(put_in) and is_numeric(right.node)
            either = (put_in, with_numbers(left.node, names))  # a derivative may be worked out only then
            if letters and not isinstance(right.node, Num) and right.node not in either:
                yield f"other numbers put in: {left.text} {right.relation} {right.text}"

    def pairs(self, chain: Chain) -> Iterator[tuple[Side, Side, bool]]:
        """Neighboring sides, names replaced by numbers; and whether the second is the result."""
        known = [Side(side.relation, side.text, with_numbers(side.node, self.numbers)) for side in chain]
        sides, letters = (known[1:], chain[1:]) if is_name(chain[0].node) else (known, chain)
        for index, (left, right) in enumerate(pairwise(sides)):
            identity = in_letters(letters[index].node) and in_letters(letters[index + 1].node)
            stated = identity and (names_slope(left.node) or isinstance(right.node, Num))
            if is_numeric(left.node) and is_numeric(right.node) and not stated:
                yield left, right, index == len(sides) - 2

    def untrue(self, left: Side, right: Side, place: Place, *, signs: bool) -> Iterator[str]:
        """What is not true of two neighboring sides."""
        self.checked += 1
        line = f"{left.text} {right.relation} {right.text}  [{place.role}, {place.phase}]"
        equal = same(exact(left.node, self.parameters), exact(right.node, self.parameters))
        if not self.follows(left.node, right.node, place):
            yield f"does not follow: {line}"
        if signs and right.relation == "=" and not equal:
            yield f"not equal: {line}"
        rational = isinstance(exact(left.node, self.parameters), Fraction) and not FAR.search(left.text)
        if (
            signs
            and self.by_hand
            and right.relation == "≈"
            and equal
            and rational
            and not self.rounded(left.node, right.node)
        ):
            yield f"equal, but printed as rounded: {line}"

    def follows(self, left: Node, right: Node, place: Place, *, top: bool = True) -> bool:
        """Whether a side follows: part by part the same, or worked out and rounded as the problem asks."""
        if isinstance(right, Num):
            return self.is_result(left, right, self.name(left, place, top=top), place)
        pairs = matched(left, right)
        if pairs is not None:
            within = replace(place, inside=place.inside or isinstance(left, Product))
            return all(self.follows(one, other, within, top=False) for one, other in pairs)
        if any(all(self.follows(*pair, place, top=False) for pair in merged) for merged in merges(left, right)):
            return True
        if self.by_hand:
            return same(exact(left, self.parameters), exact(right, self.parameters))
        return meet(self.ranges(left), self.ranges(right))

    def rounded(self, left: Node, right: Node) -> bool:
        """Whether a number of the right side is not exactly what stands in its place on the left."""
        if isinstance(right, Num):
            return not same(exact(left, self.parameters), right.value)
        pairs = matched(left, right)
        if pairs is not None:
            return any(self.rounded(one, other) for one, other in pairs)
        return any(any(self.rounded(*pair) for pair in merged) for merged in merges(left, right))

    def is_result(self, left: Node, right: Num, name: str, place: Place) -> bool:
        """Whether a number is what a tree gives."""
        if not self.by_hand:
            return meet(self.ranges(left), self.ranges(right))
        value = exact(left, self.parameters)
        if name == "number":
            return value == right.value
        rule = self.rules(name, place.phase)
        return rule(decimal(value)) == right.value or (rule.keeps(right) and value == right.value)

    @staticmethod
    def name(node: Node, place: Place, *, top: bool) -> str:
        """What a number is called that a tree was worked out to."""
        if top and place.last and place.role:
            return place.role
        while isinstance(node, Neg):
            node = node.inner
        if isinstance(node, Product) and place.phase == "update" and place.role != "gradient" and not place.inside:
            return "change"
        return "number" if isinstance(node, Num) else SUBRESULTS[type(node)]

    def untrue_row(self, row: tuple[Node, ...]) -> Iterator[str]:
        """What is not true of a row of the table: symbol, old, new, change."""
        subject, old, new, change = row
        place = self.place(subject)
        before = self.numbers.get(subject)
        if before and isinstance(old, Num) and before.value != old.value:
            yield f"table: {subject} was {before.value}, not {old.value}"
        phase = "update" if place.role in ("weight", "bias") else "check"
        difference = Sum((new, negated(old)))
        if not isinstance(change, Num) or not self.is_result(difference, change, place.role, Place(place.role, phase)):
            yield f"table: {subject}: {old} to {new} is not {change}"
