"""Reads the page of a training back: every step by itself, its equalities worked out again from the printed digits.

What a step prints is read with the numbers that were given for it, or left to it by the step before. A number by hand
is the value of what stands before it, rounded to the digits that it shows; in full precision ranges must meet.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from tests import networks
from tests.mathematics import Node, Num, Product, Quotient, Sum, Sym, children, negated, parsed, with_children
from tests.reading import Chain, table_rows
from tests.untruths import Place, Reader, is_new, rule
from tests.values import decimal, exact, meet

HEADING = {
    "markdown": re.compile(r"^## (.*)$", re.MULTILINE),
    "latex": re.compile(r"^\\section\*?\{(.*)\}$", re.MULTILINE),
    "text": re.compile(r"^(\S.*)\n=+$", re.MULTILINE),
}


def sections(page: str, markup: str) -> list[tuple[str, str]]:
    """The sections of the highest level: the heading of each, "" for what stands before the first, and all of it."""
    found = list(HEADING[markup].finditer(page))
    starts = [0, *(match.end() for match in found)]
    ends = [*(match.start() for match in found), len(page)]
    titles = ["", *(match[1] for match in found)]
    return [(title, page[start:end]) for title, start, end in zip(titles, starts, ends, strict=True)]


def parts(page: str, markup: str) -> tuple[str, list[str], list[tuple[str, str]]]:
    """What a page begins with, its steps, and the sections after them; of a single step the page is that one."""
    found = sections(page, markup)
    steps = [index for index, (title, _) in enumerate(found) if re.match(r"Step \d+", title)]
    if not steps:
        return "", [page], []
    first, last = steps[0], steps[-1]
    beginning = "".join(text for _, text in found[:first])
    return beginning, [f"{title}\n{text}" for title, text in found[first : last + 1]], found[last + 1 :]


class StepReader(Reader):
    """Reads a step, or a page that is one, with the numbers that are known before it."""

    def __init__(
        self, page: str, markup: str, problem: networks.Problem, arithmetic: str, known: dict[Node, Num]
    ) -> None:
        super().__init__(page, markup, problem, arithmetic)
        self.rows = []
        self.known = known

    def contradictions(self) -> Iterator[str]:
        """Gathers the numbers of the step, and adds those that are known before it."""
        yield from super().contradictions()
        self.numbers = {**self.known, **self.numbers}

    def misplaced(self, chain: Chain) -> Iterator[str]:
        """Where the numbers put in are not those printed for the names; a fraction may stand beside its factors."""
        sides = [replace(side, node=one_fraction(side.node)) for side in chain]
        yield from super().misplaced(tuple(sides))

    def is_result(self, left: Node, right: Num, name: str, place: Place) -> bool:
        """Whether a number is the value of a tree, rounded to the digits that it shows or could have shown."""
        if not self.by_hand:
            return meet(self.ranges(left), self.ranges(right))
        value = decimal(exact(left, self.parameters))
        return abs(value - right.value) <= min(right.unit, self.coarsest(right.value)) / 2

    def coarsest(self, value: Decimal) -> Decimal:
        """One unit of the last digit that a number has at least: its decimals, or as many significant figures."""
        places = self.rules.rounding.places
        exceptions = [rule(places).unit(value) for _, places in self.rules.rounding.exceptions if value]
        return max(Decimal(1).scaleb(-places), Decimal(1).scaleb(value.adjusted() - places + 1), *exceptions)


def one_fraction(node: Node) -> Node:
    """A tree in which a factor and the fraction after it, a(b/c), are one fraction, (ab)/c."""
    inside = tuple(map(one_fraction, children(node)))
    node = with_children(node, inside) if inside else node
    if isinstance(node, Product) and isinstance(node.factors[-1], Quotient):
        *others, last = node.factors
        return Quotient(Product((*others, last.top)), last.bottom)
    return node


class RunReader:
    """Reads the page of a training of several steps, or of one, and says what on it is not true."""

    def __init__(self, page: str, markup: str, problem: networks.Problem, arithmetic: str) -> None:
        self.markup, self.problem, self.arithmetic = markup, problem, arithmetic
        self.beginning, self.steps, self.rest = parts(page, markup)
        self.checked = 0

    def faults(self) -> list[str]:
        """Every line that is not true, of every step."""
        given = StepReader(self.beginning, self.markup, self.problem, self.arithmetic, {})
        found, known = given.faults(), given.numbers
        for text, after in zip(self.steps, [*self.steps[1:], ""], strict=True):
            reader = StepReader(text, self.markup, self.problem, self.arithmetic, known)
            found += reader.faults()
            known = left_by(reader.numbers, skipped=bool(after) and number_of(after) != number_of(text) + 1)
            self.checked += reader.checked
        taken = re.search(r"epochs? and\s+(\d+)\s+steps", "".join(text for _, text in self.rest))
        ended = bool(taken) and int(taken[1]) == number_of(self.steps[-1])
        return [*found, *self.misreported(given.numbers, known if ended else {})]

    def misreported(self, first: dict[Node, Num], last: dict[Node, Num]) -> Iterator[str]:
        """What the table of all parameters has that was not given so, or not left so, or is no difference."""
        reader = StepReader("", self.markup, self.problem, self.arithmetic, {})
        for title, text in self.rest:
            for symbol, begun, ended, change in rows(text, self.markup) if title.startswith("All parameters") else ():
                for number, known in ((begun, first), (ended, last)):
                    if symbol in known and known[symbol].value != number.value:
                        yield f"table: {symbol} is {known[symbol].value}, not {number.value}"
                if not reader.is_result(Sum((ended, negated(begun))), change, "", Place("", "")):
                    yield f"table: {symbol}: {begun.value} to {ended.value} is not {change.value}"


def rows(section: str, markup: str) -> list[tuple[Node, ...]]:
    """The rows of a table of four columns, but for its head."""
    if markup != "text":
        return [row for row in table_rows(section) if len(row) == 4]
    cells = [re.split(r" {2,}", line.strip()) for line in section.split("\n") if line.startswith("    ")]
    return [tuple(parsed(cell.lstrip("+"), "text") for cell in row) for row in cells[1:]]


def number_of(step: str) -> int:
    """The number in the heading of a step; 0 where it has none."""
    heading = re.search(r"Step (\d+)", step)
    return int(heading[1]) if heading else 0


NEW = re.compile(r"\^\{\\mathrm\{new\}\}|,\\mathrm\{new\}|[ \u00a0]?ⁿᵉʷ")
"""What marks a symbol as that of a value after the step."""


def old(symbol: Sym) -> tuple[Sym, Sym]:
    """The symbol of what a new value takes the place of; {} sets what stands above apart, where there is more of it."""
    name = NEW.sub("", symbol.name)
    return Sym(name), Sym(name.replace("{}", ""))


def left_by(numbers: dict[Node, Num], *, skipped: bool) -> dict[Node, Num]:
    """The numbers that a later step begins with: new values for old ones, or neither where steps are skipped."""
    new = {symbol: number for symbol, number in numbers.items() if isinstance(symbol, Sym) and is_new(symbol.name)}
    moved = {each: number for symbol, number in new.items() for each in old(symbol)}
    kept = {symbol: number for symbol, number in numbers.items() if symbol not in new and symbol not in moved}
    return kept if skipped else {**kept, **moved}
