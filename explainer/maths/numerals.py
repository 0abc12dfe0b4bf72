"""Numerals: a number as it stands on the page, and the rounding that makes it so."""

from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

WORKING_DIGITS = 40
"""Significant digits of an unrounded intermediate result; far more than any page prints."""

LONGEST = 24
"""The longest numeral, in digits, that "all" leaves as it is."""

LARGE = 7
"""From 10**7 on, a rounded number is written in scientific form."""

CONTEXT = Context(prec=WORKING_DIGITS, rounding=ROUND_HALF_UP, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
"""Half rounds up, symmetrically for negatives (Decimal calls that ROUND_HALF_UP).

Nothing is trapped: a result beyond range becomes infinite or no number, and is refused where it is recorded.
"""


class Numeral(Struct, frozen=True, gc=False):
    """A number as printed: `digits` say how many places are shown.

    `exact` tells whether the digits are the whole value carried, or a rounding of it.
    `scientific` asks for mantissa × 10^exponent. A `ratio` is printed in place of the digits.
    """

    digits: Decimal
    exact: bool = True
    scientific: bool = False
    ratio: Fraction | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is printed as a fraction, and that is a whole number."""
        return self.ratio is not None and self.ratio.denominator == 1

    @property
    def negative(self) -> bool:
        """Whether it is printed with a minus sign; zero never is."""
        return self.digits.is_signed() and bool(self.digits)

    def padded(self, places: int) -> "Numeral":
        """The same number with trailing zeros up to so many decimals, for a column of figures."""
        if self.scientific or decimals(self.digits) >= places:
            return self
        return Numeral(CONTEXT.quantize(self.digits, unit(places)), self.exact)

    def parts(self) -> tuple[str, int]:
        """The unsigned digits and the power of ten to print: ("0.332", 0) or ("4.5400", −5)."""
        magnitude = self.digits.copy_abs()
        if not self.scientific or not magnitude:
            return format(magnitude, "f"), 0
        power = magnitude.adjusted()
        return format(CONTEXT.scaleb(magnitude, -power), "f"), power


class Rounding(Struct, frozen=True):
    """How a value is rounded: to decimals, to significant figures, or ("all") not at all."""

    kind: Literal["decimals", "significant", "all"]
    places: int = 0

    def __call__(self, value: Decimal) -> Decimal:
        """The value rounded half up.

        A value that so many decimals would wipe out, or that is too large for decimals to mean
        anything, keeps as many decimals of its mantissa instead.
        """
        if not value:
            return ZERO
        if self.kind == "decimals":
            if value.adjusted() < LARGE:
                rounded = CONTEXT.quantize(value, UNITS[self.places])
                return rounded or significant(value, self.places + 1)
            plain = CONTEXT.normalize(value)  # zeros behind the point do not make it long
            short = len(plain.as_tuple().digits) <= LARGE + self.places and decimals(plain) <= self.places
            return trimmed(value) if short else significant(value, self.places + 1)
        if self.kind == "significant":
            return significant(value, self.places)
        return value if len(value.as_tuple().digits) <= LONGEST else significant(value, LONGEST)

    def widened(self, more: int) -> "Rounding":
        """The same rounding with more places: the guard digits of a sub-result."""
        return self if self.kind == "all" else Rounding(self.kind, self.places + more)

    def numeral(self, rounded: Decimal, *, exact: bool = True, keep_zeros: bool = False) -> Numeral:
        """The numeral of a value that this rounding has rounded."""
        if not rounded:
            return Numeral(ZERO, exact)
        scientific = self.needs_power(rounded)
        if keep_zeros:
            return Numeral(rounded, exact, scientific)
        return Numeral(CONTEXT.normalize(rounded) if scientific else trimmed(rounded), exact, scientific)

    def needs_power(self, rounded: Decimal) -> bool:
        """Whether plain notation would show more digits than were kept, or hide all of them in zeros."""
        magnitude = rounded.adjusted()
        if self.kind == "significant":
            return magnitude >= self.places or magnitude < -4
        smallest = -self.places if self.kind == "decimals" else -LARGE
        return magnitude >= LARGE or magnitude < smallest


ZERO = Decimal(0)
UNITS = tuple(Decimal((0, (1,), -places)) for places in range(40))


def unit(places: int) -> Decimal:
    """One unit of the last of so many decimals."""
    return UNITS[places]


def decimals(value: Decimal) -> int:
    """How many decimals a finite value is written with."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def significant(value: Decimal, figures: int) -> Decimal:
    """The value rounded half up to so many significant figures."""
    exponent = value.adjusted() - figures + 1
    rounded = CONTEXT.quantize(value, Decimal((0, (1,), exponent)))
    if rounded.adjusted() > value.adjusted():  # 9.996 became 10.00: one figure too many
        rounded = CONTEXT.quantize(rounded, Decimal((0, (1,), exponent + 1)))
    return rounded


def trimmed(value: Decimal) -> Decimal:
    """The value without trailing zeros behind the decimal point."""
    shortest = CONTEXT.normalize(value)
    return shortest if decimals(shortest) or not decimals(value) else CONTEXT.quantize(value, UNITS[0])


def as_written(value: Decimal) -> Numeral:
    """The numeral of a given number: exactly the digits that the problem file has."""
    if not value:
        return Numeral(value.copy_abs())
    return Numeral(value, scientific=value.adjusted() >= 15 or value.adjusted() < -LARGE)
