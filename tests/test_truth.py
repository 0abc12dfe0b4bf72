"""Every equality that a page prints is true: it is read back from the page and worked out again from its digits.

Worked by hand ("decimal"), a side follows from the digits of the side before it, exactly or by the rounding
that the problem asks for. In full precision ("float"), the ranges that the printed digits stand for meet.
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache
from itertools import pairwise

import pytest

import explainer
from tests import networks
from tests.reading import (
    DISPLAYED,
    Call,
    Chain,
    Exp,
    Neg,
    Node,
    Num,
    Power,
    Product,
    Quotient,
    Side,
    Sum,
    Sym,
    chains,
    children,
    formulas,
    leaves,
    negated,
    table_rows,
    with_children,
)

SEEDS = range(200)
ARITHMETICS = ("decimal", "float")
DETAILS = ("brief", "standard", "full")
MARKUPS = ("markdown", "latex", "text")

Exact = Fraction | Decimal
"""A value worked out from printed digits: a fraction, or, where e is in it, a decimal to many digits."""

PRECISE = Context(prec=120, rounding=ROUND_HALF_UP, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
LARGE = 7
LONGEST = 24
TINY = 60
FARTHEST = 1000
"""Numbers beyond 10^±1000 are worked with to 120 digits: as fractions they would take minutes."""

FAR = re.compile(r"10\^\{-?\d{4,}\}|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]{4,}")
"""A number so far out that a difference from it may be lost in 120 digits."""

# -- exact values -----------------------------------------------------------------------------------


def decimal(value: Exact) -> Decimal:
    """The value as a decimal to 120 digits."""
    return value if isinstance(value, Decimal) else PRECISE.divide(Decimal(value.numerator), Decimal(value.denominator))


def added(values: list[Exact]) -> Exact:
    """The sum, exact where no e is in it."""
    if all(isinstance(value, Fraction) for value in values):
        return sum(values, Fraction(0))  # type: ignore[arg-type]
    total = Decimal(0)
    for value in values:
        total = PRECISE.add(total, decimal(value))
    return total


def multiplied(values: list[Exact]) -> Exact:
    """The product, exact where no e is in it."""
    if any(value == 0 for value in values):
        return Fraction(0)
    if all(isinstance(value, Fraction) for value in values):
        return Fraction(math.prod(values))  # type: ignore[type-var]
    result = Decimal(1)
    for value in values:
        result = PRECISE.multiply(result, decimal(value))
    return result


def divided(top: Exact, bottom: Exact) -> Exact:
    """The quotient."""
    if isinstance(top, Fraction) and isinstance(bottom, Fraction):
        return top / bottom
    if top in (bottom, opposite(bottom)):
        return Fraction(1) if top == bottom else Fraction(-1)
    return Fraction(0) if top == 0 else PRECISE.divide(decimal(top), decimal(bottom))


def opposite(value: Exact) -> Exact:
    """−value, no digit lost"""
    return -value if isinstance(value, Fraction) else value.copy_negate()


def magnitude(value: Exact) -> Exact:
    """|value|, no digit lost"""
    return opposite(value) if value < 0 else value


def exponential(value: Exact) -> Exact:
    """e^value, which is rational only for 0"""
    return Fraction(1) if value == 0 else PRECISE.exp(decimal(value))


def sigmoid(value: Exact) -> Exact:
    """1 / (1 + e^−value)"""
    return divided(Fraction(1), added([Fraction(1), exponential(opposite(value))]))


def tanh(value: Exact) -> Exact:
    """(e^2value − 1) / (e^2value + 1); for a tiny value this loses its digits, and the value itself is right to 120"""
    if value and decimal(value).adjusted() < -TINY:
        return decimal(value)
    square = exponential(2 * value if isinstance(value, Fraction) else PRECISE.multiply(value, Decimal(2)))
    return divided(added([square, Fraction(-1)]), added([square, Fraction(1)]))


def functions(slope: Fraction) -> dict[str, Callable[..., Exact]]:
    """The functions that a page names, the leaky one with the slope that the page states."""
    return {
        "σ": sigmoid,
        "tanh": tanh,
        "ReLU": lambda z: max(z, Fraction(0)),
        "ReLU'": lambda z: Fraction(int(z > 0)),
        "LReLU": lambda z: max(z, multiplied([z, slope])),
        "LReLU'": lambda z: Fraction(1) if z > 0 else slope,
        "max": max,
        "abs": magnitude,
    }


@lru_cache(maxsize=100_000)
def exact(node: Node, slope: Fraction) -> Exact:
    """The value of a tree of numbers."""
    parts = [exact(part, slope) for part in children(node)]
    match node:
        case Num(value):
            return Fraction(value) if abs(value.adjusted()) < FARTHEST else value
        case Neg():
            return opposite(parts[0])
        case Sum():
            return added(parts)
        case Product():
            return multiplied(parts)
        case Quotient():
            return divided(*parts)
        case Power(_, exponent):
            return multiplied(parts * exponent)
        case Exp():
            return exponential(parts[0])
        case Call(name, _):
            return functions(slope)[name](*parts)
    raise TypeError(f"no value: {node}")


def same(left: Exact, right: Exact) -> bool:
    """Whether two values are equal; a value with e in it never equals one without."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left == right
    if isinstance(left, Fraction) or isinstance(right, Fraction):
        return False
    return abs(PRECISE.subtract(left, right)) <= PRECISE.multiply(magnitude(left), Decimal("1e-60"))


# -- ranges -----------------------------------------------------------------------------------------

Range = tuple[float, float]
"""The least and the greatest value that printed digits can stand for."""

NOISE = 1e-14
"""Double precision leaves so much of a value in doubt after a few operations."""


def widened(low: float, high: float, doubt: float = 0.0) -> Range:
    """A range with the doubt of double precision added."""
    doubt = max(doubt, abs(low), abs(high)) * NOISE
    return (low - doubt, high + doubt) if math.isfinite(doubt) else (low, high)


def times(left: Range, right: Range) -> Range:
    """The range of a product."""
    ends = [a * b for a in left for b in right]
    if any(map(math.isnan, ends)):
        return -math.inf, math.inf
    return widened(min(ends), max(ends))


def over(top: Range, bottom: Range) -> Range:
    """The range of a quotient; any number where the divisor may be 0."""
    if bottom[0] <= 0 <= bottom[1]:
        return -math.inf, math.inf
    return times(top, (1 / bottom[1], 1 / bottom[0]))


def to_power(base: Range, exponent: int) -> Range:
    """The range of a whole power."""
    ends = [end**exponent for end in base]
    least = 0.0 if exponent % 2 == 0 and base[0] < 0 < base[1] else min(ends)
    return widened(least, max(ends))


def binary_exponential(z: float) -> float:
    """e^z, infinite where it is beyond range"""
    return math.exp(z) if z < 709 else math.inf


def binary_functions(slope: float) -> dict[str, Callable[[float], float]]:
    """The functions of one argument that never fall."""
    return {
        "σ": lambda z: 1 / (1 + binary_exponential(-z)),
        "tanh": math.tanh,
        "ReLU": lambda z: max(z, 0.0),
        "ReLU'": lambda z: float(z > 0),
        "LReLU": lambda z: max(z, slope * z),
        "LReLU'": lambda z: 1.0 if z > 0 else slope,
    }


def called(name: str, parts: list[Range], slope: float) -> Range:
    """The range of a function."""
    if name == "max":
        return max(low for low, _ in parts), max(high for _, high in parts)
    (low, high), *_ = parts
    if name == "abs":
        return (0.0 if low < 0 < high else min(abs(low), abs(high))), max(abs(low), abs(high))
    function = binary_functions(slope)[name]
    return widened(function(low), function(high))


@dataclass(frozen=True)
class Ranges:
    """Ranges of trees, given how far a printed number may be from what was carried."""

    spread: Callable[[Num], float]
    slope: float

    def __call__(self, node: Node) -> Range:
        """The range of a tree of numbers."""
        parts = [self(part) for part in children(node)]
        match node:
            case Num(value):
                half = self.spread(node)
                return widened(float(value) - half, float(value) + half)
            case Neg():
                return -parts[0][1], -parts[0][0]
            case Sum():
                size = max(abs(end) for part in parts for end in part)
                return widened(sum(low for low, _ in parts), sum(high for _, high in parts), size)
            case Product():
                result = (1.0, 1.0)
                for part in parts:
                    result = times(result, part)
                return result
            case Quotient():
                return over(*parts)
            case Power(_, exponent):
                return to_power(parts[0], exponent)
            case Exp():
                return widened(*map(binary_exponential, parts[0]))
            case Call(name, _):
                return called(name, parts, self.slope)
        raise TypeError(f"no range: {node}")


def meet(left: Range, right: Range) -> bool:
    """Whether two ranges have a number in common."""
    return left[0] <= right[1] and right[0] <= left[1]


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
        if places is not None:
            return rule(places)
        guard = GUARD if self.arithmetic == "decimal" and name in SUBRESULTS.values() else 0
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
    (r"(\\mathrm\{net\}|net|z)", "net"),
    (r"[oa]", "output"),
    (r"e", "error"),
    (r"[EL]", "loss"),
    (r"(\\delta|δ)", "delta"),
    (r"w", "weight"),
    (r"b", "bias"),
)


def is_new(symbol: str) -> bool:
    """Whether a symbol stands for a quantity after the step."""
    return "new" in symbol or "ⁿᵉʷ" in symbol


def is_numeric(node: Node) -> bool:
    """Whether a side is made of numbers only."""
    return all(isinstance(leaf, Num) for leaf in leaves(node))


def is_readable(node: Node) -> bool:
    """Whether a side states numbers or names, and neither leaves terms out nor states a law."""
    return all(isinstance(leaf, Num | Sym) for leaf in leaves(node))


def with_numbers(node: Node, numbers: dict[str, Num]) -> Node:
    """A formula with its names replaced by the numbers printed for them."""
    if isinstance(node, Sym):
        return numbers.get(node.name, node)
    inside = children(node)
    return with_children(node, tuple(with_numbers(part, numbers) for part in inside)) if inside else node


def matched(left: Node, right: Node) -> list[tuple[Node, Node]] | None:
    """The parts of two trees that correspond, if both are the same operation."""
    pair = children(left), children(right)
    alike = type(left) is type(right) and len(pair[0]) == len(pair[1]) > 0
    if alike and isinstance(left, Call) and isinstance(right, Call):
        alike = left.name == right.name
    if alike and isinstance(left, Power) and isinstance(right, Power):
        alike = left.exponent == right.exponent
    return list(zip(*pair, strict=True)) if alike else None


@dataclass(frozen=True)
class Place:
    """Where a side stands: the role of the chain's symbol, its phase, and whether the side is the result."""

    role: str
    phase: str
    last: bool = False


class Reader:
    """Reads one page of one problem and says what on it is not true."""

    def __init__(self, page: str, markup: str, problem: networks.Problem, arithmetic: str) -> None:
        self.chains = chains(page, markup)
        self.rows = [] if markup == "text" else table_rows(page, markup)
        self.rules = Rules(problem.rounding, arithmetic)
        self.by_hand = arithmetic == "decimal"
        self.outputs = problem.sizes[-1]
        self.slope = stated_slope(page)
        self.ranges = Ranges(self.rules.spread, float(self.slope))
        self.numbers: dict[str, Num] = {}
        self.checked = 0

    def faults(self, *, signs: bool = True) -> list[str]:
        """Every line that is not true; with `signs`, also = for ≈ and the other way round."""
        found = list(self.contradictions())
        for chain in self.chains:
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
            if isinstance(symbol, Sym) and isinstance(result, Num):
                known = self.numbers.setdefault(symbol.name, result)
                if known != result:
                    yield f"{symbol.name} is {known.value} and {result.value}"

    def place(self, subject: Node) -> Place:
        """The role and the phase of what a chain is about."""
        if not isinstance(subject, Sym):
            return Place("error" if self.outputs == 1 else "loss", "check")
        role = next((role for pattern, role in ROLES if re.match(rf"{pattern}(?![A-Za-z])", subject.name)), "given")
        if role in ("weight", "bias"):
            return Place(role, "update" if is_new(subject.name) else "given")
        phase = {"delta": "backward", "error": "error", "loss": "error"}.get(role, "forward")
        return Place(role, "check" if is_new(subject.name) else phase)

    def misplaced(self, chain: Chain) -> Iterator[str]:
        """Where the numbers put in are not those printed for the names they stand for."""
        for left, right in pairwise(chain):
            put_in = with_numbers(left.node, self.numbers)
            letters = left.node != put_in and is_numeric(put_in) and is_numeric(right.node)
            if letters and not isinstance(right.node, Num) and put_in != right.node:
                yield f"other numbers put in: {left.text} {right.relation} {right.text}"

    def pairs(self, chain: Chain) -> Iterator[tuple[Side, Side, bool]]:
        """Neighboring sides, names replaced by numbers; and whether the second is the result."""
        known = [Side(side.relation, side.text, with_numbers(side.node, self.numbers)) for side in chain]
        sides = known[1:] if isinstance(chain[0].node, Sym) else known
        for index, (left, right) in enumerate(pairwise(sides)):
            if is_numeric(left.node) and is_numeric(right.node):
                yield left, right, index == len(sides) - 2

    def untrue(self, left: Side, right: Side, place: Place, *, signs: bool) -> Iterator[str]:
        """What is not true of two neighboring sides."""
        self.checked += 1
        line = f"{left.text} {right.relation} {right.text}  [{place.role}, {place.phase}]"
        equal = same(exact(left.node, self.slope), exact(right.node, self.slope))
        if not self.follows(left.node, right.node, place):
            yield f"does not follow: {line}"
        if signs and right.relation == "=" and not equal:
            yield f"not equal: {line}"
        rational = isinstance(exact(left.node, self.slope), Fraction) and not FAR.search(left.text)
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
            return all(self.follows(one, other, place, top=False) for one, other in pairs)
        if self.by_hand:
            return same(exact(left, self.slope), exact(right, self.slope))
        return meet(self.ranges(left), self.ranges(right))

    def rounded(self, left: Node, right: Node) -> bool:
        """Whether a number of the right side is not exactly what stands in its place on the left."""
        if isinstance(right, Num):
            return not same(exact(left, self.slope), right.value)
        pairs = matched(left, right)
        return pairs is not None and any(self.rounded(one, other) for one, other in pairs)

    def is_result(self, left: Node, right: Num, name: str, place: Place) -> bool:
        """Whether a number is what a tree gives."""
        if not self.by_hand:
            return meet(self.ranges(left), self.ranges(right))
        value = exact(left, self.slope)
        if name == "number":
            return value == right.value
        rule = self.rules(name, place.phase)
        return rule(decimal(value)) == right.value or (rule.keeps(right) and value == right.value)

    @staticmethod
    def name(node: Node, place: Place, *, top: bool) -> str:
        """What a number is called that a tree was worked out to."""
        if top and place.last:
            return place.role
        while isinstance(node, Neg):
            node = node.inner
        if isinstance(node, Product) and place.phase == "update":
            return "change"
        return "number" if isinstance(node, Num) else SUBRESULTS[type(node)]

    def untrue_row(self, row: tuple[Node, ...]) -> Iterator[str]:
        """What is not true of a row of the table: symbol, old, new, change."""
        subject, old, new, change = row
        place = self.place(subject)
        before = isinstance(subject, Sym) and self.numbers.get(subject.name)
        if before and isinstance(old, Num) and before.value != old.value:
            yield f"table: {subject} was {before.value}, not {old.value}"
        phase = "update" if place.role in ("weight", "bias") else "check"
        difference = Sum((new, negated(old)))
        if not isinstance(change, Num) or not self.is_result(difference, change, place.role, Place(place.role, phase)):
            yield f"table: {subject}: {old} to {new} is not {change}"


STATED_SLOPE = re.compile(r"max\}?\(\(?([\d.]+)\)?\s")


def stated_slope(page: str) -> Fraction:
    """The slope of the leaky ReLU, from the line that defines it."""
    found = STATED_SLOPE.search(page)
    return Fraction(found[1] if found else 0)


# -- tests ------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def traced(seed: int, arithmetic: str, sign: str = "≈") -> explainer.api.Trace:
    """The trace of a random problem."""
    settings = {"numbers.arithmetic": arithmetic, "presentation.rounding_sign": sign}
    return explainer.trace(explainer.loads(networks.problem(seed).toml, settings=settings))


@lru_cache(maxsize=2)
def explained(seed: int, arithmetic: str, detail: str) -> explainer.api.Page:
    """The worked solution of a random problem."""
    return explainer.explain(traced(seed, arithmetic), detail=detail)


@cache
def rendered(seed: int, arithmetic: str, detail: str, markup: str) -> str:
    """The page of a random problem; every page is kept, since several tests read it."""
    return explainer.render(explained(seed, arithmetic, detail), markup)


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_equality_is_true(seed: int, arithmetic: str, detail: str, markup: str) -> None:
    """Whatever the network, each side of each chain follows from the digits printed before it."""
    page = rendered(seed, arithmetic, detail, markup)
    reader = Reader(page, markup, networks.problem(seed), arithmetic)
    assert reader.faults() == []
    assert reader.checked > 0


UGLY = re.compile(
    r"\+ ?[-−]|[-−] ?\+|[-−] ?[-−]"  # two signs in a row
    r"|[-−]0(?![\d.])|[-−]0\.0+(?!\d)"  # minus zero
    r"|\d[eE][-+−]?\d"  # a number as computers write it
    r"|\b(nan|NaN|inf|Infinity|None)\b"
)


def shown(page: str, markup: str) -> list[str]:
    """What of a page is mathematics; of plain text all of it, but for the lines under headings."""
    if markup == "text":
        return [line for line in page.splitlines() if set(line) - {"-", "="}]
    return formulas(page, markup)


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("seed", SEEDS)
def test_no_formula_is_ugly(seed: int, arithmetic: str, markup: str) -> None:
    """No formula of any page has two signs in a row, a minus zero, or a number as computers write it."""
    pages = [rendered(seed, arithmetic, detail, markup) for detail in DETAILS]
    assert [formula for page in pages for formula in shown(page, markup) if UGLY.search(formula)] == []


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("seed", SEEDS[::4])
def test_equality_signs_throughout(seed: int, arithmetic: str) -> None:
    """A lecturer who writes = after a rounding too gets pages without ≈, and with the same numbers."""
    trace = traced(seed, arithmetic, "=")
    for detail, markup in (("full", "markdown"), ("brief", "latex"), ("standard", "text")):
        page = explainer.render(explainer.explain(trace, detail=detail), markup)
        assert "≈" not in page
        assert "\\approx" not in page
        assert page == re.sub(r"\\approx|≈", "=", rendered(seed, arithmetic, detail, markup))
        assert Reader(page, markup, networks.problem(seed), arithmetic).faults(signs=False) == []


LECTURE = networks.Problem(
    inputs=("1", "0", "1"),
    layers=(
        networks.Layer("sigmoid", "0.01", (("0.2", "0.4", "-0.5"), ("-0.3", "0.1", "0.2")), ("-0.4", "0.2")),
        networks.Layer("leaky-relu", "0.01", (("-0.3", "-0.2"),), ("0.1",)),
    ),
    targets=("1",),
    loss="half-squared-error",
    rate="0.9",
    convention="lecture",
    rounding=networks.Rounding("decimals", 4),
)

NUMERAL = re.compile(r"(?<![\d._{])\d+\.\d+")


def page_of(problem: networks.Problem, markup: str) -> str:
    """The page of a problem worked by hand in full detail."""
    return explainer.render(explainer.explain(explainer.trace(explainer.loads(problem.toml))), markup)


def displayed(page: str, markup: str) -> Iterator[tuple[int, int]]:
    """Where the displayed chains of a page begin and end."""
    pattern = DISPLAYED if markup != "text" else re.compile(r"^ {4}(?=.*[=≈]).*$", re.MULTILINE)
    for match in pattern.finditer(page):
        yield match.span()


def altered(page: str, markup: str) -> Iterator[str]:
    """The page with the last digit of one number in a displayed chain changed, for each such number."""
    for start, end in displayed(page, markup):
        for match in NUMERAL.finditer(page, start, end):
            last = match.end() - 1
            yield page[:last] + str((int(page[last]) + 1) % 10) + page[last + 1 :]


@pytest.mark.parametrize("markup", MARKUPS)
def test_the_reader_finds_each_altered_digit(markup: str) -> None:
    """A page with one digit changed is found out, wherever the digit stands: these tests can fail."""
    page = page_of(LECTURE, markup)
    assert Reader(page, markup, LECTURE, "decimal").faults() == []
    others = list(altered(page, markup))
    assert len(others) > 100
    assert [other for other in others if not Reader(other, markup, LECTURE, "decimal").faults()] == []
