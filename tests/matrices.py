"""Reads the matrices of a rendered page back, entry by entry, knowing nothing of the program that wrote it.

A side of a chain is read into a matrix of small trees: row times column, entry by entry, transposed, just as the
side says. So two neighboring sides can be compared entry by entry as the sides of a page in numbers are.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, ClassVar

from tests import networks
from tests.mathematics import (
    Call,
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
    parsed,
    with_children,
)
from tests.reading import DISPLAYED, RELATION, RELATIONS, joined_rows
from tests.untruths import Place, Reader, names_slope, with_numbers
from tests.values import FARTHEST, PRECISE, Exact, decimal, exact, same

MATRIX = re.compile(r"\\begin\{bmatrix\}\n(.*?)\n\\end\{bmatrix\}", re.DOTALL)
BRACED = re.compile(r"\{\\underbrace\{⟦(\d+)⟧\}_\{(\d+) \\times (\d+)\}\}")
DOTS = {r"\cdots", r"\vdots", r"\ddots"}

WORDS = re.compile(
    r"""\s*(?:
      (?P<matrix>⟦\d+⟧)
    | (?P<odot>\\odot)
    | (?P<top>\^\{\\top\})
    | (?P<function>(?:\\(?:sigma|tanh|Phi|varphi|ln)|\\mathrm\{(?:L?ReLU|G?ELU|SiLU|softplus|sign)\}|[Hu])'?
        (?=\(|\\left\())
    | (?P<open>\\left\(|\(|\[|\\lbrace)
    | (?P<close>\\right\)|\)|\]|\\rbrace)
    | (?P<fraction>\\frac\{\d+\}\{\d+\})
    | (?P<bar>\\frac\{)
    | (?P<over>\}\{)
    | (?P<under>\})
    | (?P<name>(?:\\delta|\\eta|\\hat\{y\}|[A-Za-z])(?:\^\{(?:\[\d+\])?,?(?:\\mathrm\{new\})?\})?)
    | (?P<number>\d+(?:\.\d+)?(?:\s\\times\s10\^\{-?\d+\})?)
    | (?P<sign>[-+])
    )""",
    re.VERBOSE,
)

Entries = tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Matrix:
    """Entries, row by row; a plain number, which is no matrix, has one entry and is `single`."""

    rows: Entries
    single: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns it has."""
        return len(self.rows), len(self.rows[0])

    @property
    def entries(self) -> list[Node]:
        """The entries, row by row."""
        return [entry for row in self.rows for entry in row]


class MisshapenError(ValueError):
    """Matrices that cannot be combined as a page says."""


@dataclass
class Chain:
    """A displayed chain of matrices: what it is about, and its sides with their relations."""

    subject: str
    sides: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class MatrixPage:
    """A page in matrices (Markdown or LaTeX): its matrices, and the chains that are made of them."""

    page: str
    matrices: list[Matrix | None] = field(default_factory=list)
    values: dict[str, Matrix] = field(default_factory=dict)
    hidden: set[str | None] = field(default_factory=set)

    def __post_init__(self) -> None:
        flat = BRACED.sub(self.checked, MATRIX.sub(self.taken, self.page))
        self.chains, self.rest = [], flat
        for block in DISPLAYED.finditer(flat):
            chains = [self.chain(text) for text in joined_rows(block[2])]
            if "⟦" in block[2]:
                self.rest = self.rest.replace(block[0], "")
                self.chains += [chain for chain in chains if chain.subject]
        for chain in self.chains:
            whole = re.fullmatch(r"⟦(\d+)⟧", chain.sides[-1][1])
            matrix = self.matrices[int(whole[1])] if whole else None
            if matrix is None:
                self.hidden.add(chain.subject)
            else:
                self.values[chain.subject] = matrix

    def taken(self, found: re.Match[str]) -> str:
        """The place holder of a matrix; None is kept for one of which rows or columns are left out."""
        rows = [row.split(" & ") for row in found[1].split(" \\\\\n")]
        cells = [[cell.strip() for cell in row] for row in rows]
        whole = not any(cell in DOTS for row in cells for cell in row)
        self.matrices.append(Matrix(tuple(tuple(map(parsed, row)) for row in cells)) if whole else None)
        return f"⟦{len(self.matrices) - 1}⟧"

    def checked(self, found: re.Match[str]) -> str:
        """The place holder of a matrix whose braces tell its dimensions truly."""
        matrix = self.matrices[int(found[1])]
        if matrix is not None and matrix.shape != (int(found[2]), int(found[3])):
            raise MisshapenError(f"{matrix.shape} is called {found[2]} by {found[3]}")
        return f"⟦{found[1]}⟧"

    @staticmethod
    def chain(text: str) -> Chain:
        """The sides of a chain."""
        subject, *pieces = RELATION.split(text)
        relations = [RELATIONS.get(piece, piece) for piece in pieces[::2]]
        sides = [side.strip() for side in pieces[1::2]]
        return Chain(subject.strip(), list(zip(relations, sides, strict=True)))

    def is_whole(self, side: tuple[str, str]) -> bool:
        """Whether a side shows all entries of its matrices, or names only arrays that are shown whole."""
        shown = (self.matrices[int(place)] for place in re.findall(r"⟦(\d+)⟧", side[1]))
        names = {found["name"] for found in WORDS.finditer(side[1])} - {None, r"\eta"}
        return None not in shown and names <= self.values.keys()

    def read(self, side: str) -> Matrix:
        """A side as a matrix of trees, names standing for the numbers printed for them."""
        return SideReader(side, self).whole()


class SideReader:
    """Recursive descent over one side, made of `known` words: sum, product entry by entry, row by column, atom."""

    known: ClassVar[re.Pattern[str]] = WORDS

    def __init__(self, side: str, page: Any) -> None:
        self.side, self.page, self.at = side, page, 0
        self.words: list[tuple[str, str]] = []
        at = 0
        while at < len(side.rstrip()):
            found = self.known.match(side, at)
            if found is None:
                raise ValueError(f"{side!r}: nothing known begins at {side[at:]!r}")
            self.words.append((str(found.lastgroup), found[0].strip()))
            at = found.end()
        self.words.append(("end", ""))

    @property
    def kind(self) -> str:
        """The kind of the next word."""
        return self.words[self.at][0]

    def take(self) -> str:
        """The next word."""
        self.at += 1
        return self.words[self.at - 1][1]

    def whole(self) -> Matrix:
        """The side, and nothing after it."""
        matrix = self.sum()
        if self.kind != "end":
            raise ValueError(f"{self.side!r}: {self.words[self.at :]} is left")
        return matrix

    def sum(self) -> Matrix:
        """Terms joined by + and −."""
        sign = self.take() if self.kind == "sign" else "+"
        terms = [signed(self.entrywise(), sign)]
        while self.kind == "sign":
            sign = self.take()
            terms.append(signed(self.entrywise(), sign))
        return combined(terms, lambda entries: Sum(tuple(flat(entries, Sum))))

    def entrywise(self) -> Matrix:
        """Factors with ⊙ between them, each a product of matrices."""
        factors = [self.product()]
        while self.kind == "odot":
            self.take()
            factors.append(self.product())
        return combined(factors, lambda entries: Product(tuple(flat(entries, Product))))

    def product(self) -> Matrix:
        """Factors side by side."""
        result = self.transposed()
        while self.kind not in ("end", "sign", "odot", "close", "over", "under"):
            result = multiplied(result, self.transposed())
        return result

    def transposed(self) -> Matrix:
        """An atom, with rows and columns exchanged if ᵀ follows."""
        matrix = self.atom()
        if self.kind != "top":
            return matrix
        self.take()
        return Matrix(tuple(zip(*matrix.rows, strict=True)))

    def atom(self) -> Matrix:
        """A matrix, a name, a number, a function, or something in brackets."""
        kind, text = self.kind, self.take()
        if kind == "matrix":
            matrix = self.page.matrices[int(text[1:-1])]
            assert matrix is not None
            return matrix
        if kind in ("number", "fraction"):
            return Matrix(((parsed(text),),), single=True)
        if kind == "name":
            return self.page.values.get(text) or Matrix(((Sym(text),),), single=text == r"\eta")
        if kind == "function":
            name = parsed(f"{text}(x)")
            assert isinstance(name, Call)
            self.take()
            inner = self.sum()
            self.take()
            return combined([inner], lambda entries: Call(name.name, tuple(entries)), always=True)
        assert kind in ("open", "bar"), f"{self.side!r}: no matrix begins with {text!r}"
        inner = self.sum()
        self.take()
        if kind == "open":
            return inner
        below = self.sum()
        self.take()
        return combined([inner, below], lambda entries: Quotient(*entries))


def signed(matrix: Matrix, sign: str) -> Matrix:
    """A term with its sign."""
    if sign == "+":
        return matrix
    return Matrix(tuple(tuple(map(negated, row)) for row in matrix.rows), matrix.single)


def combined(matrices: list[Matrix], operation: Callable[[list[Node]], Node], *, always: bool = False) -> Matrix:
    """Matrices of one shape, and plain numbers, combined entry by entry."""
    if len(matrices) == 1 and not always:
        return matrices[0]
    shapes = {matrix.shape for matrix in matrices if not matrix.single} or {(1, 1)}
    if len(shapes) > 1:
        raise MisshapenError(f"{shapes} are combined entry by entry")
    (rows, columns) = next(iter(shapes))
    cells = [
        [
            operation([each.rows[0][0] if each.single else each.rows[row][column] for each in matrices])
            for column in range(columns)
        ]
        for row in range(rows)
    ]
    return Matrix(tuple(map(tuple, cells)), all(matrix.single for matrix in matrices))


def multiplied(left: Matrix, right: Matrix) -> Matrix:
    """A product row by column; with a plain number, of every entry."""
    if left.single or right.single:
        return combined([left, right], lambda entries: Product(tuple(flat(entries, Product))))
    if left.shape[1] != right.shape[0]:
        raise MisshapenError(f"{left.shape} times {right.shape}")
    columns = list(zip(*right.rows, strict=True))
    return Matrix(tuple(tuple(row_by_column(row, column) for column in columns) for row in left.rows))


def row_by_column(row: tuple[Node, ...], column: tuple[Node, ...]) -> Node:
    """The sum of the products of two rows of numbers."""
    products = [Product(tuple(flat([one, other], Product))) for one, other in zip(row, column, strict=True)]
    return products[0] if len(products) == 1 else Sum(tuple(products))


def flat(entries: list[Node], kind: type) -> Iterator[Node]:
    """Terms or factors, with those of an inner sum or product in its place."""
    for entry in entries:
        match entry:
            case Sum(inner) | Product(inner) if isinstance(entry, kind):
                yield from inner
            case _:
                yield entry


class MatrixReader:
    """Reads one page in matrices and says what on it is not true."""

    def __init__(self, page: str, problem: networks.Problem, arithmetic: str) -> None:
        self.page = MatrixPage(page)
        self.reader = Reader(self.page.rest, "markdown", problem, arithmetic)
        self.compared = 0
        for name, matrix in self.page.values.items():
            for place, entry in enumerate(matrix.entries, 1):
                if matrix.shape[1] == 1 and isinstance(entry, Num):
                    self.reader.numbers[Sym(indexed(name, place))] = entry

    def faults(self) -> list[str]:
        """Every line that is not true, in matrices and in the rest of the page."""
        found = self.reader.faults()
        for chain in self.page.chains:
            found += self.wrong(chain)
        return found

    def wrong(self, chain: Chain) -> Iterator[str]:
        """What is not true of a chain."""
        place = self.place(chain.subject)
        if not all(map(self.page.is_whole, chain.sides)):
            return
        read = [(relation, text, self.page.read(text)) for relation, text in chain.sides]
        for index, ((_, text, left), (relation, other, right)) in enumerate(pairwise(read), 2):
            line = f"{chain.subject}: {text} {relation} {other}"
            if left.shape != right.shape:
                yield f"not of one shape: {line}"
            elif "⟦" in text or index == len(read):
                end = Place(place.role, place.phase, index == len(read))
                yield from self.untrue(left, right, relation, end, line)
            elif "⟦" in other and "'" not in text and squares_out(self.put_in(left)) != squares_out(right.entries):
                yield f"other numbers put in: {line}"

    def put_in(self, letters: Matrix) -> list[Node]:
        """The entries of a side in letters, with the numbers that the page has for the names."""
        return [with_numbers(entry, self.reader.numbers) for entry in letters.entries]

    def untrue(self, left: Matrix, right: Matrix, relation: str, place: Place, line: str) -> Iterator[str]:
        """What is not true of two sides, entry by entry; and ≈ where every entry is equal, = where one is not."""
        side, parameters = line.partition(relation)[0].strip(), self.reader.parameters
        compared, equal = [], []
        for one, other in zip(self.put_in(left), right.entries, strict=True):
            self.compared += 1
            values = exact(one, parameters), exact(other, parameters)
            if side.endswith(r"\right)") and not isinstance(other, Num):  # a function and what it stands for
                if not near(*values):
                    yield f"not what it stands for: {line}"
            elif "⟦" in side or not names_slope(one):
                if not self.reader.follows(one, other, place):
                    yield f"does not follow: {one} {relation} {other} in {line}"
                compared.append((one, other))
                equal.append(same(*values))
        if relation == "=" and not all(equal):
            yield f"not equal: {line}"
        decided = relation == "≈" and self.reader.by_hand and compared and not any(map(self.is_undecided, compared))
        if decided and not any(self.reader.rounded(*pair) for pair in compared):
            yield f"equal, but printed as rounded: {line}"

    def is_undecided(self, pair: tuple[Node, Node]) -> bool:
        """Whether an entry is no fraction, or too far out for one, so that equality cannot be decided."""
        numbers = (leaf.value for entry in pair for leaf in leaves(entry) if isinstance(leaf, Num))
        far = any(abs(number.adjusted()) >= FARTHEST for number in numbers)
        return far or not isinstance(exact(pair[0], self.reader.parameters), Fraction)

    def place(self, subject: str) -> Place:
        """The role and the phase of what a chain is about."""
        if re.fullmatch(r"[xy]", subject):
            return Place("given", "given")
        return self.reader.place(Sym(subject.replace("W", "w", 1)))


def near(one: Exact, other: Exact) -> bool:
    """Whether two values are the same to thirty digits."""
    apart, size = PRECISE.subtract(decimal(one), decimal(other)), max(PRECISE.abs(decimal(one)), Decimal(1))
    return PRECISE.abs(apart) <= PRECISE.multiply(size, Decimal("1e-30"))


def squares_out(nodes: list[Node]) -> list[Node]:
    """Trees with every power as a product."""
    out: list[Node] = []
    for node in nodes:
        inner = tuple(squares_out(list(children(node))))
        out.append(Product(inner * node.exponent) if isinstance(node, Power) else with_children(node, inner))
    return out


def indexed(name: str, place: int) -> str:
    """The name of an entry of a column: a_1^{[2]} of a^{[2]}."""
    base, caret, above = name.partition("^")
    return f"{base}_{place}{caret}{above}"
