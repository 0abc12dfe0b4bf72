"""Printing mathematics as LaTeX, for TeX and for Markdown."""

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import ClassVar

from explainer.explain.document import Lens
from explainer.maths.formula import Cases, Formula
from explainer.publish.matrices import BREAK
from explainer.publish.printer import POWER, Printer
from explainer.trace.names import ASCII, Symbol

KEPT = 4096
"""So many printed names are kept at hand; a page has fewer, and asks for each again and again."""

CAPITALS = ("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega")

GREEK = {
    **{letter: rf"\{name}" for letter, name in ASCII.items() if "α" <= letter <= "ω" and letter != "ο"},
    **dict(zip("ΓΔΘΛΞΠΣΦΨΩ", [rf"\{name}" for name in CAPITALS], strict=True)),
}

ACCENTS = {"\N{COMBINING CIRCUMFLEX ACCENT}": "hat", "\N{COMBINING TILDE}": "tilde", "\N{COMBINING MACRON}": "bar"}
"""What stands above a letter, or wide above a word."""

LETTERS = {**GREEK, "ℓ": r"\ell"}

BUILT_IN = {
    "tanh": r"\tanh",
    "max": r"\max",
    "min": r"\min",
    "ln": r"\ln",
    "cos": r"\cos",
    "φ": r"\varphi",
    "√(2π)": r"\sqrt{2\pi}",
    "√(2/π)": r"\sqrt{2/\pi}",
}
"""Functions that LaTeX knows; the others are set upright, since code-hosting sites take no \\operatorname."""

COMMAND = re.compile(r"\\[A-Za-z]*")
"""What takes no room on the page, or next to none; so do `BRACES`."""

BRACES = str.maketrans("", "", "{}_^")

FRACTION = re.compile(r"\\t?frac\{([^{}]*)\}\{([^{}]*)\}")
GROUP = re.compile(r"\\(?:mathrm|text|sqrt)\{([^{}]*)\}")
INDEX = re.compile(r"(?:[_^](?:\{([^{}]*)\}|(\w)))+")
SILENT = re.compile(r"\\(?:left|displaystyle)(?![A-Za-z])|[{}_^]|\\(?=(?:tanh|max|min|ln)(?![A-Za-z]))")
"""Braces, and what commands that set what follows them leave: nothing that takes room. High brackets take more."""

SIGN = re.compile(r"\\(?:times|cdot|approx|to|le|ge)(?![A-Za-z])|\\[A-Za-z]+ ?")
"""A command that stands for one sign; but around an operation, the space after it is none on the page."""

SMALLER = 0.7
"""The size of an index beside that of its symbol."""

DIMENSIONS = re.compile(r"\\underbrace|_\{\d+ \\times \d+\}")
"""What stands under a matrix, and so takes no room beside it."""

MATRIX = re.compile(r"\\begin\{bmatrix\}\n(.*?)\n\\end\{bmatrix\}", re.DOTALL)


class LatexPrinter(Printer):
    """LaTeX, as pdflatex, lualatex, MathJax and KaTeX all take it.

    No backslash stands before punctuation: where Markdown is read first, it would lose it.
    """

    minus = "-"
    times = r"\times"
    dot = r"\cdot"
    stroke = "'"
    braces = (r"\lbrace ", r" \rbrace")
    odot = r"\odot"
    one = r"\mathbf{1}"
    transpose_sign = r"\top"
    across, down, slanting = r"\cdots", r"\vdots", r"\ddots"
    comparisons: ClassVar[dict[str, str]] = {">": ">", "<": "<", "≥": r"\ge", "≤": r"\le"}
    relations: ClassVar[dict[str, str]] = {"=": "=", "≈": r"\approx", "→": r"\to", **comparisons}

    def symbol(self, symbol: Symbol) -> str:
        return latex_symbol(symbol)

    def fraction(self, numerator: str, denominator: str) -> str:
        return rf"\frac{{{numerator}}}{{{denominator}}}"

    def constant(self, value: Fraction) -> str:
        return self.fraction(str(value.numerator), str(value.denominator))

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}" if len(exponent) == 1 else f"{base}^{{{exponent}}}"

    def scientific(self, mantissa: str, power: int) -> str:
        ten = f"10^{{{power}}}"
        return ten if mantissa == "1" else rf"{mantissa} \times {ten}"

    def function(self, sign: str) -> str:
        name, prime = sign.removesuffix("′"), "'" if sign.endswith("′") else ""
        letter = name if len(name) == 1 else rf"\mathrm{{{name}}}"
        return (BUILT_IN.get(name) or GREEK.get(name) or letter) + prime

    def big_sum(self, index: str, without: str) -> str:
        if not index:
            return r"\sum"
        return rf"\sum_{{{index} \ne {without}}}" if without else rf"\sum_{index}"

    def slope(self, of: str, by: str, *, straight: bool) -> str:
        sign = r"\mathrm{d}" if straight else r"\partial"
        return self.fraction(f"{sign} {of}".strip(), f"{sign} {by}")

    def bracketed(self, text: str) -> str:
        """Brackets as high as what they hold; where that is too long for a line, such that it can be broken."""
        if not any(sign in text for sign in (r"\frac", r"\sum", r"\begin")):
            return super().bracketed(text)
        if BREAK in text and r"\begin" not in text and self.is_long(text.replace(BREAK, "")):
            return super().bracketed(text)  # only low brackets may stand in different rows
        opening, closing = self.brackets(text)
        return rf"\left{opening}{text.replace(BREAK, '')}\right{closing.strip()}"

    def left_out(self, count: int) -> str:
        return rf"\cdots \text{{ ({count} more) }} \cdots"

    def enclosed(self, arguments: str) -> str:
        tall = r"\frac" in arguments or r"\begin" in arguments
        return rf"\left({arguments}\right)" if tall else super().enclosed(arguments)

    def small(self, formula: Formula, lens: Lens) -> str:
        return SMALL.unbroken(formula, lens)

    def magnitude(self, inner: str) -> str:
        if r"\begin" in inner:
            return rf"\left\lvert {inner} \right\rvert"
        return rf"\lvert {inner} \rvert"

    def root(self, inner: str) -> str:
        return rf"\sqrt{{{inner}}}"

    def words(self, escaped: str) -> str:
        return rf"\text{{{escaped}}}"

    def arm(self, formula: str, condition: str) -> str:
        return rf"{formula} \text{{ for }} {condition}" if condition else rf"\text{{ otherwise }} {formula}"

    def displayed(self, formula: Formula, lens: Lens) -> str:
        """Cases one below the other, behind a brace; each row ends its line, as Markdown needs it."""
        if type(formula) is not Cases:
            return self(formula, lens)
        rows = [
            rf"{arm} & \text{{for }} {condition}" if condition else rf"{arm} & \text{{otherwise}}"
            for arm, condition in self.printed_arms(formula, lens)
        ]
        return "\\begin{cases}\n" + " \\\\\n".join(rows) + "\n\\end{cases}"

    def gap(self, text: str, *, after_number: bool) -> str:
        """Mathematics sets no space of its own before an upright word: 0.01 net."""
        return r" \text{ } " if after_number and text.startswith(r"\mathrm") else " "

    def in_cell(self, formula: Formula, lens: Lens) -> str:
        return CELLS.unbroken(formula, lens)

    def cells(self, cells: list[list[str]]) -> str:
        """The rows in lines of their own, since Markdown leaves a double backslash alone only at the end of a line."""
        rows = " \\\\\n".join(" & ".join(row) for row in cells)
        return f"\\begin{{bmatrix}}\n{rows}\n\\end{{bmatrix}}"

    def underbraced(self, matrix: str, rows: int, columns: int) -> str:
        return rf"{{\underbrace{{{matrix}}}_{{{rows} \times {columns}}}}}"  # a sign behind it keeps its space so

    def width(self, text: str) -> int:
        if "\\" in text:
            text = COMMAND.sub("", self.flat(text, self.width))
        return len(text.translate(BRACES))

    def measured(self, text: str) -> int:
        flat = self.flat(text, self.measured)
        return len(SIGN.sub("x", SILENT.sub("", beside_each_other(flat))))

    @staticmethod
    def flat(text: str, width: Callable[[str], int]) -> str:
        """A text with letters in the place of each matrix: for its columns, what separates them, and its brackets."""
        if "\\begin" not in text and "\\under" not in text:
            return text

        def letters(found: re.Match[str]) -> str:
            columns = zip(*(row.split(" & ") for row in found[1].split("\\\\\n")), strict=True)
            return "x" * (sum(2 + max(width(cell.strip()) for cell in column) for column in columns) + 1)

        return MATRIX.sub(letters, DIMENSIONS.sub("", text))


def beside_each_other(text: str) -> str:
    """A printed text with each fraction as the wider of its parts, and indices, which are set small, shortened."""
    before = ""
    while text != before:
        before = text
        text = FRACTION.sub(lambda found: max(found[1], found[2], key=len), GROUP.sub(r"\1", text))
        text = INDEX.sub(index_width, text)
    return text


def index_width(found: re.Match[str]) -> str:
    """As many letters as the indices of a symbol are wide: those below and above it stand over each other."""
    widest = max(len(SIGN.sub("x", piece).strip("{}")) for piece in re.findall(r"\{[^{}]*\}|\w", found[0]))
    return "1" * ceil(widest * SMALLER)  # no letters, which would be read as a part of a command before them


def grouped(text: str) -> str:
    """A part of a fraction, in brackets unless it is a single number or name."""
    return f"({text})" if " " in text or text.startswith("-") else text


class TexPrinter(LatexPrinter):
    """LaTeX for TeX alone, which can break a line within mathematics where it is told."""

    soft = r"\allowbreak"


class SmallPrinter(LatexPrinter):
    """LaTeX in an exponent, where a fraction is written with a slash."""

    def ratio(self, numerator: str, denominator: str, around: int) -> str:
        text = f"{numerator}/{denominator}"
        return f"({text})" if around >= POWER else text


SMALL = SmallPrinter()


class CellPrinter(SmallPrinter):
    """LaTeX within a matrix, whose rows leave no room for fractions with a bar."""

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"{grouped(numerator)}/{grouped(denominator)}"

    def constant(self, value: Fraction) -> str:
        return rf"\tfrac{{{value.numerator}}}{{{value.denominator}}}"


CELLS = CellPrinter()


@lru_cache(KEPT)
def latex_symbol(symbol: Symbol) -> str:
    """A name with what stands below and above it."""
    base, nested, index = symbol.below.partition("_")
    lower = latex_symbol(Symbol(base, index)) if nested else word(symbol.below)
    below = f"_{{{lower}}}" if len(symbol.below) > 1 else f"_{symbol.below}" if symbol.below else ""
    marks = ",".join(word(mark) for mark in symbol.above)
    base = latex_base(symbol.base)
    if marks and symbol.base.endswith("²"):
        base += "{}"  # which has something above it already, so that more stands beside that
    return base + below + (f"^{{{marks}}}" if marks else "")


def word(text: str) -> str:
    """What stands below or above a symbol: a word is set upright."""
    pieces = text.replace("−", "-").split(",")
    return ",".join(rf"\mathrm{{{piece}}}" if piece.isalpha() and len(piece) > 2 else piece for piece in pieces)


def latex_base(base: str) -> str:
    """A symbol's base: Greek letters by their commands, words upright."""
    if base.endswith("²"):
        return f"{latex_base(base[:-1])}^2"
    spelled = unicodedata.normalize("NFD", base)
    if spelled[-1] in ACCENTS:
        under = unicodedata.normalize("NFC", spelled[:-1])
        return rf"\{'wide' * (len(under) > 1)}{ACCENTS[spelled[-1]]}{{{latex_base(under)}}}"
    if base[0] in LETTERS:
        rest = base[1:]
        return LETTERS[base[0]] + (f" {latex_base(rest)}" if rest else "")
    if base.startswith("‖"):
        return rf"\lVert \nabla {latex_base(base.strip('‖∇'))} \rVert"
    return base if len(base) == 1 else rf"\mathrm{{{base}}}"
