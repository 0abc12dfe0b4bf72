"""What printed mathematics is worth: exactly, or as the range that its digits stand for."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import mpmath

from tests.mathematics import Call, Exp, Neg, Node, Num, Power, Product, Quotient, Sum, children
from tests.networks import Parameters

Exact = Fraction | Decimal
"""A value worked out from printed digits: a fraction, or, where e is in it, a decimal to many digits."""

PRECISE = Context(prec=120, rounding=ROUND_HALF_UP, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
LARGE = 7
LONGEST = 24
TINY = 60
FARTHEST = 1000
"""Numbers beyond 10^±1000 are worked with to 120 digits: as fractions they would take minutes."""

with mpmath.workdps(130):
    PI = Decimal(str(+mpmath.pi))
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
    if isinstance(top, Decimal) and isinstance(bottom, Decimal) and top in (bottom, opposite(bottom)):
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


def root(value: Exact) -> Exact:
    """√value, rational only where it comes out even"""
    found = PRECISE.sqrt(decimal(value))
    even = isinstance(value, Fraction) and Fraction(found) ** 2 == value
    return Fraction(found) if even else found


def logarithm(value: Exact) -> Exact:
    """ln value, which is rational only for 1"""
    return Fraction(0) if value == 1 else PRECISE.ln(decimal(value))


def softplus(value: Exact) -> Exact:
    """ln(1 + e^value); where the 1 would swallow the rest, that rest is right to 120 digits"""
    grown = exponential(value)
    return grown if grown < Decimal("1e-60") else logarithm(added([Fraction(1), grown]))


def by_mpmath(function: Callable[[Any], Any], at_zero: str = "") -> Callable[[Exact], Exact]:
    """A function of mpmath, to 130 digits; at 0 it may be rational."""

    def value(z: Exact) -> Exact:
        if z == 0 and at_zero:
            return Fraction(at_zero)
        with mpmath.workdps(130):
            return Decimal(mpmath.nstr(function(mpmath.mpf(str(decimal(z)))), 125))

    return value


def curve(x: Any) -> tuple[Any, Any]:
    """u = √(2/π) (x + 0.044715 x³), and its derivative"""
    root, cubic = mpmath.sqrt(2 / mpmath.pi), mpmath.mpf("0.044715")
    return root * (x + cubic * x**3), root * (1 + 3 * cubic * x**2)


def tanh_form(x: Any) -> Any:
    """½ x (1 + tanh u), where 1 + tanh u is 2 / (1 + e^−2u)"""
    return x / (1 + mpmath.exp(-2 * curve(x)[0]))


def tanh_form_slope(x: Any) -> Any:
    """Its derivative, where 1 − tanh² u is 4 / ((1 + e^−2u) (1 + e^2u))"""
    inner, slope = curve(x)
    up, down = 1 / (1 + mpmath.exp(-2 * inner)), 1 / (1 + mpmath.exp(2 * inner))
    return up + 2 * x * up * down * slope


def sign(value: Exact) -> Exact:
    """1, 0 or −1"""
    return Fraction((value > 0) - (value < 0))


@cache
def functions(given: Parameters) -> dict[str, Callable[..., Exact]]:
    """The functions that a page names, with the parameters that the problem gives."""
    slope, alpha, width = given.slope, given.alpha, given.width
    normal, density = by_mpmath(mpmath.ncdf, "1/2"), by_mpmath(mpmath.npdf)
    gelu = tanh_form if given.tanh_form else (lambda x: x * mpmath.ncdf(x))
    gelu_slope = tanh_form_slope if given.tanh_form else (lambda x: mpmath.ncdf(x) + x * mpmath.npdf(x))
    return {
        "σ": sigmoid,
        "σ'": lambda z: multiplied([sigmoid(z), sigmoid(opposite(z))]),
        "tanh": tanh,
        "tanh'": lambda z: added([Fraction(1), opposite(multiplied([tanh(z)] * 2))]),
        "ReLU": lambda z: max(z, Fraction(0)),
        "ReLU'": lambda z: Fraction(int(z > 0)),
        "LReLU": lambda z: max(z, multiplied([z, slope])),
        "LReLU'": lambda z: Fraction(1) if z > 0 else slope,
        "ELU": lambda z: z if z > 0 else multiplied([alpha, added([exponential(z), Fraction(-1)])]),
        "ELU'": lambda z: Fraction(1) if z > 0 else multiplied([alpha, exponential(z)]),
        "softplus": softplus,
        "SiLU": lambda z: multiplied([z, sigmoid(z)]),
        "SiLU'": by_mpmath(lambda x: (1 + mpmath.exp(-x) + x * mpmath.exp(-x)) / (1 + mpmath.exp(-x)) ** 2, "1/2"),
        "Φ": normal,
        "φ": density,
        "GELU": by_mpmath(gelu, "0"),
        "GELU'": by_mpmath(gelu_slope, "1/2"),
        "u": by_mpmath(lambda x: curve(x)[0], "0"),
        "u'": by_mpmath(lambda x: curve(x)[1]),
        "√(2π)": lambda: decimal(PRECISE.sqrt(PRECISE.multiply(2, PI))),
        "√(2/π)": lambda: decimal(PRECISE.sqrt(PRECISE.divide(2, PI))),
        "π": lambda: PI,
        "cos": by_mpmath(mpmath.cos, "1"),
        "ln": logarithm,
        "sign": sign,
        "H": lambda e: (
            multiplied([e, e, Fraction(1, 2)])
            if magnitude(e) <= width
            else multiplied([width, added([magnitude(e), -width / 2])])
        ),
        "H'": lambda e: e if magnitude(e) <= width else width * Fraction(sign(e)),
        "step": lambda z: Fraction(int(z >= 0)),
        "max": max,
        "min": min,
        "√": root,
        "abs": magnitude,
        **{sign: value for sign, value, _ in given.own},
        **{f"{sign}'": slope for sign, _, slope in given.own},
    }


@lru_cache(maxsize=100_000)
def exact(node: Node, given: Parameters) -> Exact:
    """The value of a tree of numbers."""
    parts = [exact(part, given) for part in children(node)]
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
        case Power(_, Fraction() as exponent):
            return PRECISE.power(decimal(parts[0]), decimal(exponent))
        case Power(_, exponent):
            return multiplied(parts * int(exponent))
        case Exp():
            return exponential(parts[0])
        case Call(name, _):
            return functions(given)[name](*parts)
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


def to_power(base: Range, exponent: int | Fraction) -> Range:
    """The range of a power."""
    if isinstance(exponent, Fraction) and base[0] <= 0:
        return -math.inf, math.inf
    ends = [end ** (float(exponent) if isinstance(exponent, Fraction) else exponent) for end in base]
    least = 0.0 if exponent % 2 == 0 and base[0] < 0 < base[1] else min(ends)
    return widened(least, max(ends))


def binary_exponential(z: float) -> float:
    """e^z, infinite where it is beyond range"""
    return math.exp(z) if z < 709 else math.inf


TURNS = {
    "abs": (0.0,),
    "H": (0.0,),
    "φ": (0.0,),
    "u'": (0.0,),
    "GELU": (-0.7517915246935645, -0.7524614220710163),
    "GELU'": (-1.414213562373095, 1.414213562373095, -1.418504008790828, 1.418504008790828),
    "SiLU": (-1.278464542761074,),
    "SiLU'": (-2.399357280515468, 2.399357280515468),
    "swish": (-1.278464542761074 / 1.5,),
    "swish'": (-2.399357280515468 / 1.5, 2.399357280515468 / 1.5),
    "f'": (0.0,),
    "th'": (0.0,),
}
"""Where a function of one argument turns, so that its range is not that of the ends."""


def called(name: str, parts: list[Range], given: Parameters) -> Range:
    """The range of a function."""
    if not parts:
        constant = float(functions(given)[name]())
        return widened(constant, constant)
    if name in ("max", "min"):
        extreme = {"max": max, "min": min}[name]
        return extreme(low for low, _ in parts), extreme(high for _, high in parts)
    low, high = parts[0]
    points = [low, *(turn for turn in TURNS.get(name, ()) if low < turn < high), high]
    ends = [valued(name, point, given) for point in points]
    return widened(min(ends), max(ends))


@lru_cache(maxsize=100_000)
def valued(name: str, point: float, given: Parameters) -> float:
    """The value of a function at a float; ln of what may be 0 is any number below."""
    if not math.isfinite(point):
        return math.inf if point > 0 else -math.inf
    if name == "ln" and point <= 0:
        return -math.inf
    return float(functions(given)[name](Fraction(point)))


@dataclass(frozen=True)
class Ranges:
    """Ranges of trees, given how far a printed number may be from what was carried."""

    spread: Callable[[Num], float]
    given: Parameters

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
                return called(name, parts, self.given)
        raise TypeError(f"no range: {node}")


def meet(left: Range, right: Range) -> bool:
    """Whether two ranges have a number in common."""
    return left[0] <= right[1] and right[0] <= left[1]
