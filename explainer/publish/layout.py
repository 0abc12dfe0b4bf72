"""Layout: a derivation becomes rows, aligned at their relations and none too long for a page."""

from collections.abc import Iterator

from msgspec import Struct

from explainer.explain.document import Derivation, Derivations, Inlines, Math, Term
from explainer.publish.looks import WIDEST
from explainer.publish.matrices import BREAK
from explainer.publish.printer import Printer

IN_LINE = 40
"""Longer mathematics within a text may be broken between its lines, where a markup can."""

SHORT = 50
"""A chain no longer than this stands in one row."""


class Row(Struct, frozen=True, gc=False):
    """One row: the symbol before the relation (on the first row only), the relation, what follows, and its reason.

    A row that leaves no room beside it has its reason `below`.
    """

    subject: str
    relation: str
    body: str
    reason: Inlines = ()
    below: bool = False


class Side(Struct, frozen=True, gc=False):
    """One side of a chain as printed, in pieces that a row may be broken between.

    `widths` are those of the pieces, `width` that of the side with its relation, in characters.
    """

    relation: str
    pieces: list[str]
    widths: list[int]
    width: int


def rows(block: Derivation | Derivations, printer: Printer) -> list[list[Row]]:
    """The rows of each derivation of a block."""
    members = block.members if isinstance(block, Derivations) else (block,)
    return [list(derivation_rows(member, printer)) for member in members]


def derivation_rows(derivation: Derivation, printer: Printer) -> Iterator[Row]:
    """The rows of a derivation, its symbol on the first."""
    subject, *terms = derivation.terms
    name = printer.unbroken(subject.formula, subject.lens)
    if any(term.reason for term in terms):
        yield from reasoned(name, terms, printer)
        return
    sides = [side(term, printer, printer.displayed(term.formula, term.lens)) for term in terms]
    letters = sum(term.lens is subject.lens for term in terms)
    widest = WIDEST - printer.width(name)
    for group in grouped(sides, letters, widest, derivation):
        for relation, body in broken(group, widest):
            yield Row(name, relation, body)
            name = ""


def reasoned(name: str, terms: list[Term], printer: Printer) -> Iterator[Row]:
    """A row for each side with its reason; of a side that is too long several rows, the last with the reason."""
    room = WIDEST - printer.measured(name)
    left = room - max(width(term.reason, printer) for term in terms)
    for term in terms:
        *others, (relation, body) = broken([side(term, printer, printer(term.formula, term.lens))], room)
        for each in others:
            yield Row(name, *each)
            name = ""
        yield Row(name, relation, body, term.reason, printer.measured(body) + len(" = ") > left)
        name = ""


def width(words: Inlines, printer: Printer) -> int:
    """How many characters a reason takes, and what sets it apart."""
    return 2 + sum(
        printer.measured(inline(piece, printer)) if isinstance(piece, Math) else len(piece.text) for piece in words
    )


def side(term: Term, printer: Printer, printed: str) -> Side:
    """A printed term, in pieces; a long one is measured with more care."""
    pieces = printed.split(BREAK)
    widths = list(map(printer.width, pieces))
    total = sum(widths)
    if total > SHORT:
        widths = list(map(printer.measured, pieces))
        total = sum(widths)
    return Side(printer.relations[term.relation], pieces, widths, total + 3)


def grouped(sides: list[Side], letters: int, widest: int, derivation: Derivation) -> Iterator[list[Side]]:
    """The sides of each row: formulas in letters, then the arithmetic, and stacked, the result by itself."""
    if sum(each.width for each in sides) <= min(SHORT, widest):
        yield sides
    elif derivation.stacked:
        result = max(letters, len(sides) - derivation.ending)
        yield from paired(sides[:letters])
        yield from paired(sides[letters:result])
        if sides[result:]:
            yield sides[result:]
    else:
        yield from filled(sides[:letters], widest)
        yield from filled(sides[letters:], widest)


def paired(sides: list[Side]) -> list[list[Side]]:
    """The sides two to a row where they are short, paired from the last one back."""
    rows: list[list[Side]] = []
    for each in reversed(sides):
        if rows and len(rows[0]) == 1 and each.width + rows[0][0].width <= SHORT:
            rows[0].insert(0, each)
        else:
            rows.insert(0, [each])
    return rows


def filled(sides: list[Side], widest: int) -> Iterator[list[Side]]:
    """The sides, as many to a row as fit."""
    row: list[Side] = []
    for each in sides:
        if row and sum(one.width for one in row) + each.width > widest:
            yield row
            row = []
        row.append(each)
    if row:
        yield row


def broken(group: list[Side], widest: int) -> Iterator[tuple[str, str]]:
    """The row of a group as (relation, body); a side that is too long goes on in rows without relation."""
    if len(group) > 1 or group[0].width <= widest:
        first, *others = group
        body = "".join(first.pieces)
        for each in others:
            body += f" {each.relation} {''.join(each.pieces)}"
        yield first.relation, body
        return
    relation, line, width = group[0].relation, "", 0
    for piece, length in zip(group[0].pieces, group[0].widths, strict=True):
        if line and width + length > widest:
            yield relation, line.strip()
            relation, line, width = "", "", 0
        line += piece
        width += length
    yield relation, line.strip()


def inline(math: Math, printer: Printer) -> str:
    """Mathematics within a line of text."""
    printed = ""
    for term in math.terms:
        relation = f"{BREAK} {printer.relations[term.relation]} " if term.relation else ""
        printed += relation + printer(term.formula, term.lens)
    if BREAK not in printed:
        return printed
    width = printer.width(printed.replace(printer.relations["≈"], "="))  # both signs take the same room
    return printed.replace(BREAK, printer.soft if width > IN_LINE else "")
