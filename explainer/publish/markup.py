"""What a markup decides: how names, fractions, powers and the like are written in it, and how much room they take."""

from fractions import Fraction
from typing import ClassVar

from explainer.trace.names import Symbol


class Markup:
    """The signs of one markup, and the smallest pieces of mathematics in it."""

    minus: ClassVar[str]
    times: ClassVar[str]
    dot: ClassVar[str]
    stroke: ClassVar[str]
    soft: ClassVar[str] = ""
    braces: ClassVar[tuple[str, str]]
    relations: ClassVar[dict[str, str]]
    comparisons: ClassVar[dict[str, str]]

    def symbol(self, symbol: Symbol) -> str:
        """A name with what stands below and above it."""
        raise NotImplementedError

    def fraction(self, numerator: str, denominator: str) -> str:
        """A fraction of two printed parts."""
        raise NotImplementedError

    def constant(self, value: Fraction) -> str:
        """A fraction that belongs to a law, such as ½."""
        raise NotImplementedError

    def ratio(self, numerator: str, denominator: str, around: int) -> str:
        """A fraction of the calculation."""
        return self.fraction(numerator, denominator)

    def raised(self, base: str, exponent: str) -> str:
        """A power of two printed parts."""
        raise NotImplementedError

    def scientific(self, mantissa: str, power: int) -> str:
        """mantissa × 10^power"""
        raise NotImplementedError

    def function(self, sign: str) -> str:
        """The name of a function."""
        raise NotImplementedError

    def big_sum(self, index: str, without: str) -> str:
        """The Σ over an index, perhaps without the term at another one."""
        raise NotImplementedError

    def slope(self, of: str, by: str, *, straight: bool) -> str:
        """∂of/∂by, or with a straight d; where `of` is empty, the sign of what is done to the formula after it."""
        raise NotImplementedError

    def left_out(self, count: int) -> str:
        """The dots for so many terms."""
        raise NotImplementedError

    def magnitude(self, inner: str) -> str:
        """|inner|"""
        raise NotImplementedError

    def root(self, inner: str) -> str:
        """√inner"""
        raise NotImplementedError

    def words(self, escaped: str) -> str:
        """Words that stand within mathematics."""
        return escaped

    def gap(self, text: str, *, after_number: bool) -> str:
        """What separates a printed factor from the one before it."""
        return " "

    def width(self, text: str) -> int:
        """How many characters a printed text takes on the page, about."""
        raise NotImplementedError

    def measured(self, text: str) -> int:
        """The same with more care, where it matters."""
        return self.width(text)
