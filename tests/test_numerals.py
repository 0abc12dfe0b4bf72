"""Rounding and numerals: half up, never minus zero, never more digits than were kept."""

from decimal import Decimal

import pytest

from explainer.maths.numerals import Numeral, Rounding, as_written
from explainer.maths.quantity import Quantity
from explainer.publish.latex import LatexPrinter
from explainer.publish.text import TextPrinter

FOUR = Rounding("decimals", 4)
THREE_FIGURES = Rounding("significant", 3)


def printed(rounding: Rounding, number: str, *, keep_zeros: bool = False) -> str:
    """A number as it stands on a page of plain text after rounding."""
    numeral = rounding.numeral(rounding(Decimal(number)), keep_zeros=keep_zeros)
    return TextPrinter()(Quantity("net"), lambda _: numeral)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0.00005", "0.0001"),
        ("-0.00005", "−0.0001"),
        ("0.12345", "0.1235"),
        ("-0.12345", "−0.1235"),
        ("2.00004999", "2"),
        ("0.1180", "0.118"),
        ("-0", "0"),
        ("0.00", "0"),
        ("1200", "1200"),
    ],
)
def test_half_rounds_up_symmetrically(number: str, expected: str) -> None:
    """Half rounds away from zero for both signs, trailing zeros are dropped, and zero has no sign."""
    assert printed(FOUR, number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0.000012345678", "1.2346·10⁻⁵"),
        ("-0.000049999", "−4.9999·10⁻⁵"),
        ("123456789.123456", "1.2346·10⁸"),
        ("-2.5e-300", "−2.5·10⁻³⁰⁰"),
        ("9999999.99999", "10000000"),
    ],
)
def test_what_would_vanish_or_is_very_large_is_scientific(number: str, expected: str) -> None:
    """A number that four decimals would wipe out, or that is very large, keeps four decimals of its mantissa."""
    assert printed(FOUR, number) in (expected, "10⁷")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("12345", "1.23·10⁴"),
        ("123.45", "123"),
        ("9996", "10⁴"),
        ("99.96", "100"),
        ("0.0012345", "0.00123"),
        ("0.000012345", "1.23·10⁻⁵"),
        ("-1.005", "−1.01"),
    ],
)
def test_significant_figures_never_show_more_than_were_kept(number: str, expected: str) -> None:
    """With three significant figures 12345 is 1.23·10⁴ and not 12300, which would claim five."""
    assert printed(THREE_FIGURES, number) == expected


def test_kept_zeros_show_that_a_number_was_rounded() -> None:
    """Where trailing zeros are kept, a rounded number shows all its places."""
    assert printed(FOUR, "0.49998", keep_zeros=True) == "0.5000"


@pytest.mark.parametrize("number", ["0.20", "-0.5", "100", "0.05", "1.0", "-12.340"])
def test_given_numbers_are_printed_as_written(number: str) -> None:
    """The digits of the problem file are the digits of the page."""
    shown = TextPrinter()(Quantity("weight"), lambda _: as_written(Decimal(number)))
    assert shown == number.replace("-", "−")


def test_a_column_is_padded_but_never_cut() -> None:
    """Numbers in a table get trailing zeros up to the places, and lose none of their digits."""
    assert Numeral(Decimal("0.2")).padded(3).digits.as_tuple() == Decimal("0.200").as_tuple()
    assert Numeral(Decimal("0.12345")).padded(3).digits == Decimal("0.12345")
    scientific = Numeral(Decimal("1.2E-7"), scientific=True)
    assert scientific.padded(3) is scientific


def test_scientific_form_in_latex() -> None:
    """LaTeX writes mantissa × 10 to the power."""
    numeral = Numeral(Decimal("-1.5E-7"), scientific=True)
    assert LatexPrinter()(Quantity("net"), lambda _: numeral) == r"-1.5 \times 10^{-7}"
