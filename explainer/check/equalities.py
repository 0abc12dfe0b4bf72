"""Printed equalities, recomputed from their printed digits.

`=` holds if both sides are the same number. `≈` holds if the right side is the left one worked on: where
a number stands for an operation, it is the rounding of what the digits of that operation give. Where more
is carried than printed (`float`), the ranges that the digits of both sides stand for must meet.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from explainer.check.findings import Finding
from explainer.check.fractions import holds_exactly
from explainer.check.intervals import meet
from explainer.check.nearness import rounds, same
from explainer.explain.document import (
    Block,
    Bullets,
    Curve,
    Derivation,
    Derivations,
    Document,
    Glossary,
    Inlines,
    Lens,
    Math,
    Paragraph,
    Section,
    Table,
    Term,
)
from explainer.maths.arithmetic import PRINTED
from explainer.maths.formula import Formula, Inline, Negation, Number, Signed, difference, is_atom, parts
from explainer.maths.matrix import entry, is_matrix, places
from explainer.maths.numerals import Numeral
from explainer.maths.quantity import Quantity
from explainer.maths.rewriting import is_shortened
from explainer.publish.text import TextPrinter
from explainer.trace.names import Names
from explainer.trace.trace import Trace

PRINTER = TextPrinter()


def equalities(trace: Trace, pages: Sequence[Document]) -> Finding:
    """Every equality between numbers on the pages, and every change in their tables."""
    held, wrong, skipped = 0, [], 0
    true = holds_exactly if trace.in_fractions else holds
    found = ((pair, true) for page in pages for pair in pairs(page))
    in_tables = ((pair, holds) for page in pages for pair in changes(page.blocks))
    for (left, right), is_true in (*found, *in_tables):
        if is_shortened(left.formula) or is_shortened(right.formula):
            skipped += 1
        elif is_true(left, right, trace):
            held += 1
        else:
            wrong.append(f"{shown(left)} {right.relation} {shown(right)}")
    notes = (f"{skipped} not recomputed: long sums, of which terms are left out",) if skipped else ()
    return Finding("printed equalities", held, tuple(wrong), notes)


def pairs(page: Document) -> Iterator[tuple[Term, Term]]:
    """Every two neighboring sides of a chain that are both numbers."""
    for terms in chains(page.blocks):
        for left, right in pairwise(terms):
            if right.relation and not isinstance(left.lens, Names) and not isinstance(right.lens, Names):
                yield from entrywise(left, right)


def entrywise(left: Term, right: Term) -> Iterator[tuple[Term, Term]]:
    """Two sides, or of matrices the two sides in every entry that is shown."""
    if not is_matrix(right.formula):
        yield left, right
        return
    seen = places(right.formula)
    if is_matrix(left.formula):
        others = frozenset(places(left.formula))
        seen = [place for place in seen if place in others]
    for place in seen:
        pair = (Term(side.relation, entry(side.formula, place), side.lens) for side in (left, right))
        yield next(pair), next(pair)


def changes(blocks: tuple[Block, ...]) -> Iterator[tuple[Term, Term]]:
    """What each row of a table of changes says: that its last figure is the one before less the one before that."""
    for block in blocks:
        if isinstance(block, Section):
            yield from changes(block.blocks)
        elif isinstance(block, Table) and block.changes:
            for _, *figures in block.rows:
                old, new, change = (piece.terms[0] for cell in figures for piece in cell if isinstance(piece, Math))
                yield Term("", difference(new.formula, old.formula), new.lens), Term("≈", *change_of(change))


def change_of(term: Term) -> tuple[Formula, Lens]:
    """The number of a change, without its sign."""
    formula = term.formula.number if isinstance(term.formula, Signed) else term.formula
    return formula, term.lens


def chains(blocks: tuple[Block, ...]) -> Iterator[tuple[Term, ...]]:
    """The chains of a page, displayed and within its text."""
    for block in blocks:
        match block:
            case Section(_, title, inner):
                yield from inline_chains(title)
                yield from chains(inner)
            case Derivations(members):
                yield from (member.terms for member in members)
            case Derivation(terms, _):
                yield terms
            case Paragraph(content):
                yield from inline_chains(content)
            case Bullets(items):
                for item in items:
                    yield from inline_chains(item)
            case Table(head, rows) | Glossary(head, rows):
                for row in (head, *rows):
                    for cell in row:
                        yield from inline_chains(cell)
            case Curve():
                pass  # points, and no equality
            case _:
                raise TypeError(f"a block of an unknown kind: {block!r}")


def inline_chains(content: Inlines) -> Iterator[tuple[Term, ...]]:
    """The chains within a line of text."""
    for piece in content:
        if isinstance(piece, Math):
            yield piece.terms


def holds(left: Term, right: Term, trace: Trace) -> bool:
    """Whether one equality is true."""
    if trace.arithmetic.carries_more:
        return meet(left.formula, right.formula, trace)
    if right.relation == "=" and trace.problem.presentation.rounding_sign != "=":
        return same(value(left.formula, trace), value(right.formula, trace))
    return follows(left.formula, right.formula, trace)


def follows(left: Formula, right: Formula, trace: Trace) -> bool:
    """Whether every number on the right is the rounding of what stands in its place on the left."""
    if isinstance(left, Inline) and not isinstance(right, Inline | Quantity):
        return follows(left.formula, right, trace)
    if isinstance(right, Quantity | Number):
        return rounds(value(left, trace), numeral(right, trace))
    if isinstance(right, Negation) and not isinstance(left, Negation):
        return follows(Negation(left), right.term, trace)
    if type(left) is not type(right) or len(parts(left)) != len(parts(right)):
        return same(value(left, trace), value(right, trace))
    if is_atom(left):
        return left == right
    return all(follows(mine, yours, trace) for mine, yours in zip(parts(left), parts(right), strict=True))


def numeral(atom: Quantity | Number, trace: Trace) -> Numeral:
    """The numeral that prints an atom."""
    return trace.numeral(atom) if isinstance(atom, Quantity) else atom.numeral


def value(formula: Formula, trace: Trace) -> Decimal:
    """What the printed digits of a formula say, to the working digits."""
    return Decimal(PRINTED.evaluate(formula, lambda quantity: trace.numeral(quantity).digits, ""))


def shown(term: Term) -> str:
    """A side as plain text."""
    return PRINTER.unbroken(term.formula, term.lens)
