"""Reads pages in letters: numbers are put in for the letters of every equation, from the top of the page down."""

import re
from collections.abc import Iterator
from decimal import Decimal
from operator import ge, gt, le, lt

from tests.mathematics import Node, Num, Sym, parsed
from tests.matrices import Chain, Matrix, MatrixPage, indexed
from tests.networks import Parameters
from tests.reading import DISPLAYED, RELATION, formulas, joined_rows
from tests.untruths import is_numeric, with_numbers
from tests.values import decimal, exact

CASES = re.compile(r"\\begin\{cases\}\n(.*?)\n\\end\{cases\}", re.DOTALL)
FOR = re.compile(r" ?\\text\{ for \} ?| for ")
OTHERWISE = re.compile(r"(?:\\text\{ otherwise \}|otherwise) ")
COMPARISON = re.compile(r"\\ge(?![a-z])|\\le(?![a-z])|[><≥≤]")
HOLDS = {">": gt, "<": lt, "≥": ge, "≤": le, r"\ge": ge, r"\le": le}
ENTRY = re.compile(r"(.+)_(\d)((?:\^\{\[\d\]\})?)")


def number(value: object) -> Num:
    """A number as the reader of pages has it."""
    return Num(Decimal(str(value)), Decimal(1), whole=False)


def in_line(cases: re.Match[str]) -> str:
    """Cases that stand below each other, as they would be written within a line."""
    *arms, last = (row.split(" & ")[0] for row in cases[1].split(" \\\\\n"))
    conditions = re.findall(r"& \\text\{for \} (.*?)(?: \\\\)?$", cases[1], re.MULTILINE)
    shown = [rf"{arm} \text{{ for }} {condition}" for arm, condition in zip(arms, conditions, strict=True)]
    return rf"{', '.join(shown)}, \text{{ otherwise }} {last}"


def depths(text: str) -> Iterator[int]:
    """How deep each letter stands in brackets."""
    depth = 0
    for letter in text:
        depth -= letter in ")]}"
        yield depth
        depth += letter in "([{"


class Letters:
    """The equations of one page, and the numbers for its letters: those given, and those worked out so far."""

    def __init__(self, page: str, markup: str, given: dict[str, Num], parameters: Parameters) -> None:
        self.page, self.markup = CASES.sub(in_line, page), markup
        self.numbers: dict[Node, Num] = {Sym(name): value for name, value in given.items()}
        self.parameters = parameters

    def worked(self) -> Iterator[tuple[str, list[Decimal]]]:
        """Each name that an equation defines, and what every side of it is worth."""
        for formula in formulas(self.page, self.markup):
            yield from self.equation(formula)

    def equation(self, formula: str) -> Iterator[tuple[str, list[Decimal]]]:
        """What an equation defines, where all that stands in it is known; a law for any unit has no numbers."""
        subject, *sides = RELATION.split(formula)[::2]
        known = [value for value in map(self.value, sides) if value is not None]
        defined = parsed(subject.strip(), self.markup)
        if isinstance(defined, Sym) and known:
            self.numbers[defined] = number(known[0])
            yield defined.name, known

    def value(self, side: str) -> Decimal | None:
        """What a side is worth; None where it has letters without a number."""
        chosen = self.chosen(re.sub(r"\\lbrace ", "[", re.sub(r" ?\\rbrace", "]", side)))
        node = None if chosen is None else self.put_in(parsed(chosen.strip(), self.markup))
        return decimal(exact(node, self.parameters)) if node is not None and is_numeric(node) else None

    def put_in(self, node: Node) -> Node:
        """A formula with the numbers that are known in place of its letters."""
        return with_numbers(node, self.numbers)

    def chosen(self, side: str) -> str | None:
        """A side with the case that applies in place of each list of cases; None where that is not known."""
        while at := FOR.search(side):
            depth = list(depths(side))
            here = depth[at.start()]
            begin = next((place + 1 for place in range(at.start(), -1, -1) if depth[place] < here), 0)
            end = next((place for place in range(at.start(), len(side)) if depth[place] < here), len(side))
            arm = self.arm(side[begin:end])
            if arm is None:
                return None
            side = side[:begin] + arm + side[end:]
        return side

    def arm(self, cases: str) -> str | None:
        """The one of several cases whose condition holds."""
        depth = list(depths(cases))
        commas = [comma.start() for comma in re.finditer(", ", cases) if not depth[comma.start()]]
        arms = [
            cases[begin:end] for begin, end in zip([0, *(each + 1 for each in commas)], [*commas, None], strict=True)
        ]
        for each in arms:
            arm, *condition = FOR.split(each)
            if not condition:
                return OTHERWISE.sub("", arm)
            left, right = map(self.value, COMPARISON.split(condition[0]))
            if left is None or right is None:
                return None
            if HOLDS[COMPARISON.findall(condition[0])[0]](left, right):
                return arm
        raise ValueError(f"no case applies: {cases}")


class MatrixLetters(Letters):
    """The equations of a page in matrices, its arrays worked out entry by entry."""

    def __init__(self, page: str, given: dict[str, Num], parameters: Parameters) -> None:
        super().__init__(page, "latex", given, parameters)
        self.read = MatrixPage(self.page)
        for name, matrix in self.read.values.items():
            self.keep(name, Matrix(tuple(tuple(map(self.put_in, row)) for row in matrix.rows)))

    def worked(self) -> Iterator[tuple[str, list[Decimal]]]:
        """Each array and each name that an equation defines, and what every entry of every side is worth."""
        for block in DISPLAYED.finditer(self.read.rest):
            for text in joined_rows(block[2]):
                chain = MatrixPage.chain(text)
                yield from self.equation(text) if self.is_single(chain) else self.arrays(chain)

    def is_single(self, chain: Chain) -> bool:
        """Whether a chain is about a number: a loss, an entry of an array, or a function of any."""
        return chain.subject == "L" or "_" in chain.subject

    def equation(self, formula: str) -> Iterator[tuple[str, list[Decimal]]]:
        for name, values in super().equation(formula):
            if entry := ENTRY.fullmatch(name):
                array = entry[1] + entry[3]
                column = self.read.values[array].rows if entry[2] != "1" else ()
                assert len(column) == int(entry[2]) - 1
                self.read.values[array] = Matrix((*column, (self.numbers[Sym(name)],)))
            yield name, values

    def arrays(self, chain: Chain) -> Iterator[tuple[str, list[Decimal]]]:
        """An array that an equation defines, each entry with what it is worth on every side."""
        sides = [self.read.read(side) for _, side in chain.sides]
        rows, columns = sides[0].shape
        assert {side.shape for side in sides} == {(rows, columns)}
        worth = [[decimal(exact(self.put_in(entry), self.parameters)) for entry in side.entries] for side in sides]
        entries = [number(value) for value in worth[0]]
        self.keep(chain.subject, Matrix(tuple(tuple(entries[row * columns :][:columns]) for row in range(rows))))
        for place, values in enumerate(zip(*worth, strict=True)):
            yield f"{chain.subject} {place // columns + 1} {place % columns + 1}", list(values)

    def keep(self, name: str, matrix: Matrix) -> None:
        """An array for what follows, and the entries of a column by their names."""
        self.read.values[name] = matrix
        if matrix.shape[1] == 1:
            for place, entry in enumerate(matrix.entries, 1):
                if isinstance(entry, Num):
                    self.numbers[Sym(indexed(name, place))] = entry
