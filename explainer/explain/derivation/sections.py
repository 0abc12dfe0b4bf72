"""The derivation from top to bottom, as a page or as a section of another page."""

from collections.abc import Iterator
from copy import copy

from msgspec.structs import replace

from explainer.explain.derivation.board import Board
from explainer.explain.derivation.hidden import hidden_term
from explainer.explain.derivation.outputs import output_term
from explainer.explain.derivation.setting import setting
from explainer.explain.derivation.shape import shape
from explainer.explain.derivation.slopes import slope_alone
from explainer.explain.derivation.weights import descent, to_weight
from explainer.explain.document import Section
from explainer.explain.notation import Shown, notation
from explainer.explain.reading import Reading
from explainer.maths.quantity import OUTPUT
from explainer.trace.names import Names
from explainer.trace.principles.whole import ALL, parts_of, quantities_of, setting_of, slopes


def sections(board: Board) -> Iterator[Section]:
    """The derivation from top to bottom."""
    yield board.heading("setting", setting(board))
    if "weights" in board.parts:
        yield board.heading("descent", descent(board))
        yield board.heading("to_weight", to_weight(board))
    if "outputs" in board.parts:
        yield board.heading("output_term", output_term(board))
    if "hidden" in board.parts and board.own.hidden:
        yield board.heading("hidden_term", hidden_term(board))
        if board.parts == ALL:
            alike = not board.own.output.coupled and not board.own.coupled
            yield board.heading("shape" if alike else "shape_softmax", shape(board))


def derivation_section(reading: Reading) -> Section:
    """The derivation as a section of another page; that of a small exercise opens with its notation."""
    problem = reading.trace.problem
    own, parts = setting_of(problem), parts_of(problem)
    if parts == ALL:
        return reading.heading("derivation", 2, sections(Board(reading, own, 3)))
    reading = as_usual(reading)
    board = Board(reading, own, 3, parts)
    if "slope" in parts:
        return reading.heading("derivation_slope", 2, slope_alone(board, next(slopes(own))))
    shown = Shown.of(quantities_of(own, parts), OUTPUT, biased=own.biased)
    return reading.heading("derivation", 2, [notation(reading, shown, 3), *sections(board)])


def as_usual(reading: Reading) -> Reading:
    """The reading of a small exercise, which may have names of its own, in the usual names of its convention."""
    trace = copy(reading.trace)
    trace.names = Names(trace.problem.convention, ())
    return replace(reading, trace=trace)
