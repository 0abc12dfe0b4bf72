"""The derivation from top to bottom, as a page or as a section of another page."""

from collections.abc import Iterator

from explainer.explain.derivation.board import Board
from explainer.explain.derivation.hidden import hidden_term
from explainer.explain.derivation.outputs import output_term
from explainer.explain.derivation.setting import setting
from explainer.explain.derivation.shape import shape
from explainer.explain.derivation.weights import descent, to_weight
from explainer.explain.document import Section
from explainer.explain.reading import Reading
from explainer.trace.principles.whole import setting_of


def sections(board: Board) -> Iterator[Section]:
    """The derivation from top to bottom."""
    yield board.heading("setting", setting(board))
    yield board.heading("descent", descent(board))
    yield board.heading("to_weight", to_weight(board))
    yield board.heading("output_term", output_term(board))
    if board.own.hidden:
        yield board.heading("hidden_term", hidden_term(board))
        alike = not board.own.output.coupled and not board.own.coupled
        yield board.heading("shape" if alike else "shape_softmax", shape(board))


def derivation_section(reading: Reading) -> Section:
    """The derivation as a section of another page."""
    board = Board(reading, setting_of(reading.trace.problem), 3)
    return reading.heading("derivation", 2, sections(board))
