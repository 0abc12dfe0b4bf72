"""Reads pages of trainings in matrices back, entry by entry, knowing nothing of the program that wrote them.

A chain is true where every side follows from the digits of the one before it, and where the numbers that are put in
for letters are those that the page has for them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import pairwise

from tests.mathematics import (
    INSIDE,
    LATEX_SYMBOL,
    Call,
    Node,
    Num,
    Power,
    Product,
    Quotient,
    Sym,
    children,
    parsed,
)
from tests.matrices import BRACED, DOTS, MATRIX, Matrix, MisshapenError, SideReader, combined, flat, multiplied
from tests.networks import Parameters
from tests.reading import DISPLAYED, INLINE, RELATION, RELATIONS, joined_rows
from tests.untruths import is_numeric, matched, with_numbers
from tests.values import decimal, exact, same

USUAL = Parameters(Fraction(1, 100), Fraction(1), Fraction(1), tanh_form=False)

NAME = LATEX_SYMBOL.replace("INSIDE", INSIDE)

WORDS = re.compile(
    rf"""\s*(?:
      (?P<matrix>⟦\d+⟧)
    | (?P<odot>\\odot)
    | (?P<dot>\\(?:times|cdot)(?![a-z]))
    | (?P<top>\^\{{\\top\}})
    | (?P<power>\^(?:\d|\{{-?\d+(?:/\d+)?\}}))
    | (?P<one>\\mathbf\{{1\}})
    | (?P<function>(?:\\(?:sigma|tanh|max|min|ln)|\\mathrm\{{(?:L?ReLU|sign)\}})'?(?=\(|\\left\())
    | (?P<fraction>\\frac\{{\d+\}}\{{\d+\}})
    | (?P<slope>\\frac\{{\\partial\s{NAME}\}}\{{\\partial\s{NAME}\}})
    | (?P<bar>\\frac\{{)
    | (?P<root>\\sqrt\{{)
    | (?P<size>(?:\\left)?\\lvert)
    | (?P<sized>(?:\\right)?\\rvert)
    | (?P<open>(?:\\left)?[(\[]|\\lbrace)
    | (?P<close>(?:\\right)?[)\]]|\\rbrace)
    | (?P<over>\}}\{{)
    | (?P<under>\}})
    | (?P<comma>,)
    | (?P<number>10\^\{{-?\d+\}}|\d+(?:\.\d+)?(?:\s\\times\s10\^\{{-?\d+\}})?)
    | (?P<sign>[-+])
    | (?P<name>{NAME})
    )""",
    re.VERBOSE,
)

ENDS = {"end", "sign", "odot", "close", "over", "under", "comma", "sized"}


@dataclass
class TrainingPage:
    """A page (Markdown) read for what is not true."""

    page: str
    by_hand: bool = True
    matrices: list[Matrix | None] = field(default_factory=list)
    values: dict[str, Matrix] = field(default_factory=dict)
    numbers: dict[str, Num] = field(default_factory=dict)
    compared: int = 0
    hidden: int = 0

    def __post_init__(self) -> None:
        self.flat = BRACED.sub(self.checked, MATRIX.sub(self.taken, self.page))
        for found in INLINE.finditer(DISPLAYED.sub("", self.flat).replace("$$", "")):
            subject, *rest = RELATION.split(found[1])
            if rest and re.fullmatch(r"-?\d+(\.\d+)?( \\times 10\^\{-?\d+\})?|10\^\{-?\d+\}", rest[-1].strip()):
                node = parsed(rest[-1].strip())
                assert isinstance(node, Num)
                self.numbers.setdefault(subject.strip(), node)

    def taken(self, found: re.Match[str]) -> str:
        """The place holder of a matrix; None is kept for one of which rows or columns are left out."""
        cells = [[cell.strip() for cell in row.split(" & ")] for row in found[1].split(" \\\\\n")]
        whole = not any(cell in DOTS for row in cells for cell in row)
        self.matrices.append(Matrix(tuple(tuple(map(parsed, row)) for row in cells)) if whole else None)
        return f"⟦{len(self.matrices) - 1}⟧"

    def checked(self, found: re.Match[str]) -> str:
        """The place holder of a matrix whose braces tell its dimensions truly."""
        matrix = self.matrices[int(found[1])]
        if matrix is not None and matrix.shape != (int(found[2]), int(found[3])):
            raise MisshapenError(f"{matrix.shape} is called {found[2]} by {found[3]}")
        return f"⟦{found[1]}⟧"

    @property
    def samples(self) -> int:
        """How many columns the inputs have."""
        return self.values["X"].shape[1]

    def faults(self) -> list[str]:
        """Every line that is not true."""
        found: list[str] = []
        for block in DISPLAYED.finditer(self.flat):
            found += self.of_block(list(joined_rows(block[2])))
        return found

    def of_block(self, chains: list[str]) -> Iterator[str]:
        """What is not true of the chains of a block; a product that is worked out first stands for itself after it."""
        alias: tuple[str, str] | None = None
        for text in chains:
            if r"^{[l" in text or r"\sum" in text or r"\cdots" in text.replace("⟦", ""):
                continue
            subject, *pieces = RELATION.split(text)
            sides = [side.strip() for side in pieces[1::2]]
            if alias:
                sides = [side.replace(*alias) for side in sides]
            relations = [RELATIONS.get(piece, piece) for piece in pieces[::2]]
            if "⟦" not in text:
                yield from self.scalar(subject.strip(), list(zip(relations, sides, strict=True)))
                continue
            last = re.fullmatch(r"⟦(\d+)⟧", sides[-1]) if sides else None
            yield from self.wrong(subject.strip(), list(zip(relations, sides, strict=True)))
            alias = (subject.strip(), sides[-1]) if last and re.search(r" |\^\{\\top\}", subject.strip()) else None
            self.known(subject.strip(), sides)

    def scalar(self, subject: str, sides: list[tuple[str, str]]) -> Iterator[str]:
        """What is not true of a chain of plain numbers."""
        numbers: dict[Node, Num] = {Sym(name): number for name, number in self.numbers.items()}
        read = [(relation, text, with_numbers(parsed(text), numbers)) for relation, text in sides]
        for (_, text, left), (relation, other, right) in pairwise(read):
            if is_numeric(left) and is_numeric(right):
                self.compared += 1
                if not self.follows(left, right, relation):
                    yield f"{subject}: {text} {relation} {other}"
        if read and isinstance(read[-1][2], Num):
            self.numbers[subject] = read[-1][2]

    def known(self, subject: str, sides: list[str]) -> None:
        """Keeps what a page says that a name stands for."""
        if not sides or not self.is_whole(sides[-1]):
            return
        read = self.read(sides[-1])
        if read.single and isinstance(read.rows[0][0], Num):
            self.numbers[subject] = read.rows[0][0]
        elif re.fullmatch(r"⟦(\d+)⟧", sides[-1]):
            self.values[subject] = read
            for row, entries in enumerate(read.rows, 1):
                for column, node in enumerate(entries, 1):
                    if isinstance(node, Num):
                        self.numbers[entry_of(subject, row, column)] = node

    def is_whole(self, side: str) -> bool:
        """Whether a side shows all entries of its matrices."""
        return None not in (self.matrices[int(place)] for place in re.findall(r"⟦(\d+)⟧", side))

    def read(self, side: str) -> Matrix:
        """A side as a matrix of trees, names standing for the numbers printed for them."""
        return TrainingSide(side, self).whole()

    def wrong(self, subject: str, sides: list[tuple[str, str]]) -> Iterator[str]:
        """What is not true of a chain."""
        if not all(self.is_whole(side) for _, side in sides):
            self.hidden += 1
            return
        read = [(relation, text, self.read(text)) for relation, text in sides]
        for (_, text, left), (relation, other, right) in pairwise(read):
            line = f"{subject}: {text} {relation} {other}"
            if "'" in text:  # a derivative by its name holds before rounding
                continue
            if any(isinstance(leaf, Sym) for each in left.entries for leaf in inner(each)):
                continue  # something that the page shows only in part
            if left.shape != right.shape:
                yield f"not of one shape: {line}"
                continue
            for one, it in zip(left.entries, right.entries, strict=True):
                if any(isinstance(leaf, Sym) for each in (one, it) for leaf in inner(each)):
                    continue
                self.compared += 1
                if not self.follows(one, it, relation):
                    yield f"{one} {relation} {it} in {line}"

    def follows(self, left: Node, right: Node, relation: str) -> bool:
        """Whether an entry is what the digits before it give; "=" where that is exact."""
        if not self.by_hand:
            return True
        return same(exact(left, USUAL), exact(right, USUAL)) if relation == "=" else worked_on(left, right)


def entry_of(name: str, row: int, column: int) -> str:
    """The name of an entry: w_{12}^{[1]} of W^{[1]}, y_1^{(2)} of Y, and y_1 of the column y."""
    base, _, above = name.partition("^")
    marks = [above[1:-1]] if above else []
    if base == "W":
        return f"w_{{{row}{column}}}^{{{marks[0]}}}"
    letter = base.replace("Y", "y")
    if letter != base:
        at = 1 if marks and marks[0].startswith("[") else 0
        marks.insert(at, f"({column})")
    return f"{letter}_{row}" + (f"^{{{','.join(marks)}}}" if marks else "")


def inner(node: Node) -> Iterator[Node]:
    """A node and all inside it."""
    yield node
    for part in children(node):
        yield from inner(part)


def worked_on(left: Node, right: Node) -> bool:
    """Whether each new number is what stood in its place, to the digits printed."""
    if isinstance(right, Num):
        return abs(decimal(exact(left, USUAL)) - right.value) <= right.unit / 2
    pairs = matched(left, right)
    if pairs is not None:
        return all(worked_on(*pair) for pair in pairs)
    return same(exact(left, USUAL), exact(right, USUAL))


class TrainingSide(SideReader):
    """The same with numbers before matrices, powers, roots, slopes and columns of ones."""

    known = WORDS

    def product(self) -> Matrix:
        """Factors side by side, perhaps with a sign between: the numbers, and the product of the matrices."""
        numbers, matrices = list[Matrix](), list[Matrix]()
        while self.kind not in ENDS:
            if self.kind == "dot":
                self.take()
                continue
            factor = self.raised()
            (numbers if factor.single else matrices).append(factor)
        return combined([*numbers, reduce(multiplied, matrices)] if matrices else numbers, product_of)

    def raised(self) -> Matrix:
        """An atom, with rows and columns exchanged if ᵀ follows, or a power of it."""
        matrix = self.atom()
        if self.kind == "top":
            self.take()
            return Matrix(tuple(zip(*matrix.rows, strict=True)))
        if self.kind == "power":
            power = Fraction(self.take().strip("^{}"))
            exponent = int(power) if power.denominator == 1 else power
            return combined([matrix], lambda entries: Power(entries[0], exponent), always=True)
        return matrix

    def atom(self) -> Matrix:
        """A matrix, a name, a number, a function, a fraction, a root, a size, or something in brackets."""
        kind, text = self.kind, self.take()
        match kind:
            case "matrix":
                matrix = self.page.matrices[int(text[1:-1])]
                assert matrix is not None
                return matrix
            case "one":
                return Matrix(((parsed("1"),),) * self.page.samples)
            case "number" | "fraction":
                return single(parsed(text))
            case "name" | "slope":
                return self.named(text)
            case "function":
                name = parsed(f"{text}(x)" if "max" not in text and "min" not in text else f"{text}(x, x)")
                assert isinstance(name, Call)
                self.take()
                arguments = self.enclosed()
                return combined(arguments, lambda entries: Call(name.name, tuple(entries)), always=True)
            case "root" | "size":
                known = parsed(r"\sqrt{x}" if kind == "root" else r"\lvert x \rvert")
                assert isinstance(known, Call)
                return combined(self.enclosed(), lambda entries: Call(known.name, tuple(entries)), always=True)
            case "bar":
                above = self.sum()
                self.take()
                (below,) = self.enclosed()
                return combined([above, below], lambda entries: Quotient(*entries))
        assert kind == "open", f"{self.side!r}: no matrix begins with {text!r}"
        (found,) = self.enclosed()
        return found

    def named(self, text: str) -> Matrix:
        """What a name stands for: a matrix or a number that the page has, or else a letter."""
        if text in self.page.values:
            return self.page.values[text]
        return single(self.page.numbers.get(text) or Sym(text))

    def enclosed(self) -> list[Matrix]:
        """What stands within brackets, which are open, with commas between."""
        found = [self.sum()]
        while self.take() == ",":
            found.append(self.sum())
        return found


def single(node: Node) -> Matrix:
    """A plain number."""
    return Matrix(((node,),), single=True)


def product_of(entries: list[Node]) -> Node:
    """The product of some numbers."""
    return Product(tuple(flat(entries, Product)))
