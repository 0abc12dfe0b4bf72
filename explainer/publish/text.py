"""Printing mathematics as plain Unicode text, for a terminal."""

import re
from fractions import Fraction
from typing import ClassVar

from explainer.publish import boxes
from explainer.publish.printer import POWER, Printer
from explainer.trace.names import NEW, Symbol

SUBSCRIPTS = str.maketrans("0123456789ijkhlmnoprs+−()", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₕₗₘₙₒₚᵣₛ₊₋₍₎")
SUPERSCRIPTS = str.maketrans("0123456789newlkNps+−()", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿᵉʷˡᵏᴺᵖˢ⁺⁻⁽⁾")

RAISED = re.compile("[⁰¹²³⁴-⁹⁻⁽ⁿᵏ]")
"""Something raised, which a root sign before it would seem to end before."""

VULGAR = {"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "1/5": "⅕", "2/5": "⅖"}


class TextPrinter(Printer):
    """Unicode text, for a terminal."""

    minus = "−"
    times = "×"
    dot = "·"
    stroke = "′"
    braces = ("{", "}")
    odot = "⊙"
    one = "𝟏"
    transpose_sign = "ᵀ"
    across, down, slanting = "⋯", "⋮", "⋱"
    relations: ClassVar[dict[str, str]] = {sign: sign for sign in "=≈→><≥≤"}
    comparisons: ClassVar[dict[str, str]] = {sign: sign for sign in "><≥≤"}

    def symbol(self, symbol: Symbol) -> str:
        base, nested, index = symbol.below.partition("_")
        below = f"_{self.symbol(Symbol(base, index))}" if nested else symbol.below.translate(SUBSCRIPTS)
        if not nested and any(letter.isascii() for letter in below.replace(",", "")):
            below = f"_{symbol.below}"
        *others, last = symbol.above or ("",)
        gap = " " if others and last == NEW else ""  # w₁₁⁽²⁾ ⁿᵉʷ, two marks and not one
        return symbol.base + below + "".join(map(above, others)) + gap + above(last)

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"{part(numerator)}/{part(denominator)}"

    def constant(self, value: Fraction) -> str:
        return VULGAR.get(str(value)) or f"({value})"

    def ratio(self, numerator: str, denominator: str, around: int) -> str:
        text = f"{numerator}/{denominator}"
        return f"({text})" if around >= POWER else text

    def raised(self, base: str, exponent: str) -> str:
        whole = base != "e" and (exponent.isdigit() or exponent in ("n", "k"))
        if whole or exponent in ("2", "3", self.transpose_sign):
            return base + exponent.translate(SUPERSCRIPTS)
        return f"{base}^{grouped(exponent)}"

    def scientific(self, mantissa: str, power: int) -> str:
        ten = f"10{str(power).replace('-', '−').translate(SUPERSCRIPTS)}"
        return ten if mantissa == "1" else f"{mantissa}·{ten}"

    def function(self, sign: str) -> str:
        return sign

    def big_sum(self, index: str, without: str) -> str:
        return f"Σ_({index}≠{without})" if without else f"Σ{index.translate(SUBSCRIPTS)}"

    def slope(self, of: str, by: str, *, straight: bool) -> str:
        return f"d{of}/d{by}" if straight else f"∂{of}/∂{by}"

    def left_out(self, count: int) -> str:
        return f"… ({count} more) …"

    def magnitude(self, inner: str) -> str:
        return f"|{inner}|"

    def root(self, inner: str) -> str:
        return f"√({inner})" if RAISED.search(inner) else f"√{grouped(inner)}"

    def arm(self, formula: str, condition: str) -> str:
        return f"{formula} for {condition}" if condition else f"otherwise {formula}"

    def cells(self, cells: list[list[str]]) -> str:
        return boxes.matrix(cells)

    def underbraced(self, matrix: str, rows: int, columns: int) -> str:
        return boxes.labeled(matrix, f"{rows}×{columns}")

    def width(self, text: str) -> int:
        return boxes.width(text)


FUNCTION = re.compile(r"^(?:max|min|√)(?=\()")
"""A function whose brackets stand for themselves in a fraction."""


def above(mark: str) -> str:
    """What stands above a symbol: raised where every letter can be, else after a ^."""
    raised = mark.translate(SUPERSCRIPTS)
    return raised if "[" not in raised else f"^{mark}"


def part(text: str) -> str:
    """A part of a fraction, in brackets unless it is a single number or name, or a power of what is in brackets."""
    if boxes.MATRIX.fullmatch(text):
        return text
    inside = FUNCTION.sub("", text.removeprefix("e^").removeprefix("√")).removesuffix("²").removesuffix("′")
    return text if inside != text and (is_enclosed(inside) or inside == grouped(inside)) else grouped(text)


def is_enclosed(text: str) -> bool:
    """Whether the bracket that opens a text closes only at its end."""
    depth, opening, closing = 0, "([{", ")]}"
    for place, letter in enumerate(text):
        depth += (letter in opening) - (letter in closing)
        if not depth:
            return place == len(text) - 1 and text[0] in opening
    return False


def grouped(text: str) -> str:
    """A part of a fraction or a power, in brackets unless it is a single number or name."""
    single = not re.search(r"[ −+/^·]", text)
    return text if single else f"({text})"
