"""Printing mathematics: one walker over formulas, and for each markup a table of how things are written.

`BREAK` marks the places where a long line may be broken; layout uses it or takes it out.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from explainer.explain.document import Lens
from explainer.maths.formula import (
    ATOMS,
    Call,
    Constant,
    Elision,
    Exponential,
    Formula,
    IndexedSum,
    Inline,
    Negation,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Signed,
    Sum,
)
from explainer.maths.functions import FUNCTIONS
from explainer.maths.numerals import Numeral, as_written
from explainer.maths.quantity import Quantity
from explainer.trace.names import Symbol

BREAK = "\x1f"

BRACKET = re.compile(r"(?<!\^\{)\(")
"""A bracket that groups: not one that is part of a symbol, as in z^{(1)}."""

SUM, PRODUCT, POWER = 1, 2, 3
"""How tightly what stands around a formula binds; 0 where nothing does."""


class Printer:
    """Prints formulas, each read through a lens. Subclasses say how one markup writes things."""

    minus: ClassVar[str]
    times: ClassVar[str]
    dot: ClassVar[str]
    curly_d: ClassVar[str]
    relations: ClassVar[dict[str, str]]

    def __init__(self) -> None:
        self.rules: dict[type, Callable[[Formula, Lens, int], str]] = {
            Quantity: self.atom,
            Constant: self.atom,
            Number: self.atom,
            Sum: self.sum,
            Product: self.product,
            Negation: self.negation,
            Quotient: self.quotient,
            Power: self.power,
            Exponential: self.exponential,
            Call: self.call,
            IndexedSum: self.indexed_sum,
            Inline: self.inline,
            Elision: self.elision,
            Signed: self.signed,
            Partial: self.partial,
        }

    def __call__(self, formula: Formula, lens: Lens, around: int = 0) -> str:
        """A formula as it stands inside something that binds so tightly."""
        return self.rules[type(formula)](formula, lens, around)

    # -- what a markup decides ------------------------------------------------------------------

    def symbol(self, symbol: Symbol) -> str:
        """A name with what stands below and above it."""
        raise NotImplementedError

    def fraction(self, numerator: str, denominator: str) -> str:
        """A fraction of two printed parts."""
        raise NotImplementedError

    def constant(self, value: Fraction) -> str:
        """A fraction that belongs to a law, such as ½."""
        raise NotImplementedError

    def raised(self, base: str, exponent: str) -> str:
        """A power of two printed parts."""
        raise NotImplementedError

    def scientific(self, mantissa: str, power: int) -> str:
        """mantissa × 10^power"""
        raise NotImplementedError

    def function(self, sign: str) -> str:
        """The name of a function."""
        raise NotImplementedError

    def big_sum(self, index: str) -> str:
        """The Σ over an index."""
        raise NotImplementedError

    def left_out(self, count: int) -> str:
        """The dots for so many terms."""
        raise NotImplementedError

    def magnitude(self, inner: str) -> str:
        """|inner|"""
        raise NotImplementedError

    def width(self, text: str) -> int:
        """How many characters a printed text takes on the page, about."""
        raise NotImplementedError

    def nested(self, formula: Formula, lens: Lens) -> str:
        """A formula that a fraction or an exponent sets apart, so that it needs no brackets."""
        return self(formula, lens).replace(BREAK, "")

    # -- the walk -------------------------------------------------------------------------------

    def atom(self, formula: Formula, lens: Lens, around: int) -> str:
        """A name, or a number; a negative number in brackets inside anything that binds."""
        look = look_of(formula, lens)
        if isinstance(look, Symbol):
            return self.symbol(look)
        if isinstance(look, Fraction):
            return self.constant(look)
        text = (self.minus if look.negative else "") + self.unsigned(look)
        return self.bracketed(text) if look.negative and around else text

    def unsigned(self, numeral: Numeral) -> str:
        """The digits of a numeral without its sign."""
        digits, power = numeral.parts()
        return self.scientific(digits, power) if power else digits

    def sum(self, formula: Formula, lens: Lens, around: int) -> str:
        """Terms joined by their signs; where all are plain numbers, the numbers' own signs join them."""
        assert isinstance(formula, Sum)
        plain = all(is_plain(term) for term in formula.terms)
        printed = ""
        for place, term in enumerate(formula.terms):
            sign, body = self.term(term, lens, plain=plain, first=not place)
            printed += f"{BREAK} {sign} {body}" if place else (sign if sign == self.minus else "") + body
        return self.bracketed(printed) if around > SUM - 1 else printed

    def term(self, term: Formula, lens: Lens, *, plain: bool, first: bool) -> tuple[str, str]:
        """The sign that joins a term, and the term without it."""
        if isinstance(term, Inline):
            return self.term(term.formula, lens, plain=False, first=first)
        if isinstance(term, Negation):
            return self.minus, self(term.term, lens, PRODUCT)
        if isinstance(term, Product) and isinstance(term.factors[0], Negation):
            return self.minus, self(Product((term.factors[0].term, *term.factors[1:])), lens, SUM)
        if plain or first:
            look = look_of(term, lens) if isinstance(term, ATOMS) and not isinstance(term, Elision) else None
            if isinstance(look, Numeral) and look.negative:
                return self.minus, self.unsigned(look)
        return "+", self(term, lens, SUM)

    def product(self, formula: Formula, lens: Lens, around: int) -> str:
        """Factors side by side as symbols or as bracketed numbers; once worked on, joined by ×."""
        assert isinstance(formula, Product)
        factors = formula.factors
        if isinstance(factors[0], Negation):
            rest = Product((factors[0].term, *factors[1:]))
            return self.negation(Negation(rest), lens, around)
        if any(isinstance(factor, Number) for factor in factors):
            printed = f"{BREAK} {self.times} ".join(self(factor, lens, POWER) for factor in factors)
        else:
            printed = self.side_by_side(factors, lens)
        return self.bracketed(printed) if around > PRODUCT else printed

    def side_by_side(self, factors: tuple[Formula, ...], lens: Lens) -> str:
        """Factors without a sign between them: x_1 w_14, (1)(0.2), 0.474(1 − 0.474)."""
        printed = ""
        for place, factor in enumerate(factors):
            following = factors[place + 1] if place + 1 < len(factors) else None
            numeral = isinstance(factor, ATOMS) and not isinstance(look_of(factor, lens), Symbol)
            text = self(factor, lens, POWER if following or numeral else PRODUCT)
            if numeral and not self.stands_bare(factor, following, lens, first=not place):
                text = text if text.startswith("(") else self.bracketed(text)
            if place and isinstance(factors[place - 1], Call):
                printed += f" {self.dot} "
            elif place and not opens_bracket(text):
                printed += " "
            printed += text
        return printed

    @staticmethod
    def stands_bare(factor: Formula, following: Formula | None, lens: Lens, *, first: bool) -> bool:
        """Whether a leading number needs no brackets, because something bracketed or a name follows."""
        if not first or following is None:
            return False
        if isinstance(factor, Constant):
            return not isinstance(factor.value, Decimal)
        look = look_of(factor, lens)
        if isinstance(look, Numeral) and look.scientific:
            return False
        return isinstance(following, Sum | Power)

    def negation(self, formula: Formula, lens: Lens, around: int) -> str:
        """−term"""
        assert isinstance(formula, Negation)
        printed = self.minus + self(formula.term, lens, PRODUCT)
        return self.bracketed(printed) if around else printed

    def quotient(self, formula: Formula, lens: Lens, around: int) -> str:
        """A fraction."""
        assert isinstance(formula, Quotient)
        return self.fraction(self.nested(formula.numerator, lens), self.nested(formula.denominator, lens))

    def power(self, formula: Formula, lens: Lens, around: int) -> str:
        """A whole power; a number in its base stands in brackets."""
        assert isinstance(formula, Power)
        base = self(formula.base, lens, POWER)
        look = look_of(formula.base, lens) if isinstance(formula.base, ATOMS) else None
        bare = isinstance(look, Symbol) and not look.above
        if look is not None and not bare and not base.startswith("("):
            base = self.bracketed(base)
        return self.raised(base, str(formula.exponent))

    def exponential(self, formula: Formula, lens: Lens, around: int) -> str:
        """A power of e."""
        assert isinstance(formula, Exponential)
        return self.raised("e", self.nested(formula.exponent, lens))

    def call(self, formula: Formula, lens: Lens, around: int) -> str:
        """A function of its arguments."""
        assert isinstance(formula, Call)
        function = FUNCTIONS[formula.function]
        arguments = ", ".join(self.nested(argument, lens) for argument in formula.arguments[: function.shown])
        if formula.function == "abs":
            return self.magnitude(arguments)
        return f"{self.function(function.sign)}({arguments})"

    def indexed_sum(self, formula: Formula, lens: Lens, around: int) -> str:
        """Σ over an index."""
        assert isinstance(formula, IndexedSum)
        return f"{self.big_sum(formula.index)} {self(formula.body, lens, SUM)}"

    def inline(self, formula: Formula, lens: Lens, around: int) -> str:
        """A quantity written out."""
        assert isinstance(formula, Inline)
        return self(formula.formula, lens, around)

    def elision(self, formula: Formula, lens: Lens, around: int) -> str:
        """The dots of a long sum, and how many terms they stand for."""
        assert isinstance(formula, Elision)
        return self.left_out(len(formula.terms))

    def signed(self, formula: Formula, lens: Lens, around: int) -> str:
        """A number with its sign; zero has none."""
        assert isinstance(formula, Signed)
        printed = self(formula.number, lens)
        look = look_of(formula.number, lens)
        return f"+{printed}" if isinstance(look, Numeral) and look.digits > 0 else printed

    def partial(self, formula: Formula, lens: Lens, around: int) -> str:
        """A partial derivative, on one line."""
        assert isinstance(formula, Partial)
        return f"{self.curly_d}{self.nested(formula.of, lens)}/{self.curly_d}{self.nested(formula.by, lens)}"

    @staticmethod
    def bracketed(text: str) -> str:
        """The text in brackets: round ones, or square ones around round ones."""
        return f"[{text}]" if "(" in text and BRACKET.search(text) else f"({text})"


def look_of(atom: Formula, lens: Lens) -> Symbol | Numeral | Fraction:
    """How an atom looks through a lens."""
    if isinstance(atom, Quantity):
        return lens(atom)
    if isinstance(atom, Number):
        return atom.numeral
    if isinstance(atom, Constant):
        return atom.value if isinstance(atom.value, Fraction) else as_written(Decimal(atom.value))
    raise TypeError(f"not an atom: {atom!r}")


def is_plain(term: Formula) -> bool:
    """Whether a term of a sum is a plain number, or one taken away."""
    if isinstance(term, Elision):
        return True
    if isinstance(term, Negation):
        return isinstance(term.term, ATOMS)
    return isinstance(term, ATOMS)


def opens_bracket(text: str) -> bool:
    """Whether a printed factor starts with a bracket, so that nothing need stand before it."""
    return text.startswith(("(", "["))


SUBSCRIPTS = str.maketrans("0123456789ijkhl+−()", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₕₗ₊₋₍₎")
SUPERSCRIPTS = str.maketrans("0123456789newl+−()", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿᵉʷˡ⁺⁻⁽⁾")

VULGAR = {"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "1/5": "⅕", "2/5": "⅖"}


class TextPrinter(Printer):
    """Unicode text, for a terminal."""

    minus = "−"
    times = "×"
    dot = "·"
    curly_d = "∂"
    relations: ClassVar[dict[str, str]] = {"=": "=", "≈": "≈", "→": "→"}

    def symbol(self, symbol: Symbol) -> str:
        below = symbol.below.translate(SUBSCRIPTS)
        if any(letter.isascii() for letter in below.replace(",", "")):
            below = f"_{symbol.below}"
        return symbol.base + below + "".join(mark.translate(SUPERSCRIPTS) for mark in symbol.above)

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"{grouped(numerator)}/{grouped(denominator)}"

    def constant(self, value: Fraction) -> str:
        return VULGAR.get(str(value)) or f"({value})"

    def raised(self, base: str, exponent: str) -> str:
        if exponent == "2":
            return f"{base}²"
        return f"{base}^{grouped(exponent)}"

    def scientific(self, mantissa: str, power: int) -> str:
        return f"{mantissa}·10{str(power).replace('-', '−').translate(SUPERSCRIPTS)}"

    def function(self, sign: str) -> str:
        return sign

    def big_sum(self, index: str) -> str:
        return f"Σ{index.translate(SUBSCRIPTS)}"

    def left_out(self, count: int) -> str:
        return f"… ({count} more) …"

    def magnitude(self, inner: str) -> str:
        return f"|{inner}|"

    def width(self, text: str) -> int:
        return len(text)


def grouped(text: str) -> str:
    """A part of a fraction or a power, in brackets unless it is a single number or name."""
    single = not re.search(r"[ −+/^]", text)
    return text if single else f"({text})"


GREEK = {"δ": r"\delta", "Δ": r"\Delta", "η": r"\eta", "α": r"\alpha", "θ": r"\theta", "σ": r"\sigma"}


BUILT_IN = {"tanh": r"\tanh", "max": r"\max"}
"""Functions that LaTeX knows; the others are set upright, since code-hosting sites take no \\operatorname."""

UNSEEN = re.compile(r"\\(?:mathrm|frac|text)|[{}_^]|(?<=\\)[A-Za-z]+")
"""What takes no room on the page: braces, and the names of commands that set what follows them."""


class LatexPrinter(Printer):
    """LaTeX, as pdflatex, lualatex, MathJax and KaTeX all take it.

    No backslash stands before punctuation: where Markdown is read first, it would lose it.
    """

    minus = "-"
    times = r"\times"
    dot = r"\cdot"
    curly_d = r"\partial "
    relations: ClassVar[dict[str, str]] = {"=": "=", "≈": r"\approx", "→": r"\to"}

    def symbol(self, symbol: Symbol) -> str:
        below = f"_{{{word(symbol.below)}}}" if len(symbol.below) > 1 else f"_{symbol.below}" if symbol.below else ""
        marks = ",".join(word(mark) for mark in symbol.above)
        return latex_base(symbol.base) + below + (f"^{{{marks}}}" if marks else "")

    def fraction(self, numerator: str, denominator: str) -> str:
        return rf"\frac{{{numerator}}}{{{denominator}}}"

    def constant(self, value: Fraction) -> str:
        return self.fraction(str(value.numerator), str(value.denominator))

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}" if len(exponent) == 1 else f"{base}^{{{exponent}}}"

    def scientific(self, mantissa: str, power: int) -> str:
        return rf"{mantissa} \times 10^{{{power}}}"

    def function(self, sign: str) -> str:
        name, prime = sign.removesuffix("′"), "'" if sign.endswith("′") else ""
        return (GREEK.get(name) or BUILT_IN.get(name) or rf"\mathrm{{{name}}}") + prime

    def big_sum(self, index: str) -> str:
        return rf"\sum_{index}"

    def left_out(self, count: int) -> str:
        return rf"\cdots \text{{ ({count} more) }} \cdots"

    def magnitude(self, inner: str) -> str:
        return rf"\lvert {inner} \rvert"

    def width(self, text: str) -> int:
        return len(UNSEEN.sub("", text).replace("\\", ""))


def word(text: str) -> str:
    """What stands below or above a symbol: a word is set upright."""
    text = text.replace("−", "-")
    return rf"\mathrm{{{text}}}" if text.isalpha() and len(text) > 2 else text


def latex_base(base: str) -> str:
    """A symbol's base: Greek letters by their commands, words upright."""
    if base[0] in GREEK:
        rest = base[1:]
        return GREEK[base[0]] + (f" {latex_base(rest)}" if rest else "")
    return base if len(base) == 1 else rf"\mathrm{{{base}}}"
