"""The section that says what the error terms have in common: local derivative × error signal."""

from collections.abc import Iterator

from explainer.explain.derivation.board import Board
from explainer.explain.document import Block, Inlines, Table
from explainer.maths.chain import last
from explainer.trace.principles import weights
from explainer.trace.principles.whole import Shape, shapes


def shape(board: Board) -> Iterator[Block]:
    """What the error terms are made of, and in which order they are found."""
    own, found = board.own, list(shapes(board.own))
    if own.matched and own.output.coupled:
        yield board.say("shape_cancelled")
    if len(found) > 1:
        some = own.coupled or own.output.coupled
        yield board.say("shape_others" if some else "shape_both" if len(found) == 2 else "shape_all")
        yield table(board, found)
    elif found:
        (only,) = found
        local, signal = board.letters(only.local), board.letters(only.signal)
        yield board.say("shape_one", kind=kind(board, only), local=local, signal=signal)
    if own.coupled or (own.output.coupled and not own.matched):
        yield board.say("shape_softmax")
    if found:
        yield board.say("local")
    chain = weights.change(own)
    yield board.say("recursion", change=board.letters(chain[0].formula, last(chain)))


def table(board: Board, found: list[Shape]) -> Table:
    """Local derivative and error signal of each kind of unit."""
    head = tuple(board.reading.prose(f"shape.{column}") for column in ("unit", "local", "signal"))
    rows = tuple((kind(board, each), (board.letters(each.local),), (board.letters(each.signal),)) for each in found)
    return Table(head, rows)


def kind(board: Board, found: Shape) -> Inlines:
    """Which units a shape belongs to."""
    prose, letter = board.reading.prose, board.letter("k" if found.place == "output" else board.own.letter)
    if found.units.layers:
        return prose("shape.of_layers", unit=letter, layers=board.where(found.units))
    return prose(f"shape.{found.place}", unit=letter)
