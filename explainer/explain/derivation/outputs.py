"""The section on the error term of an output unit."""

from collections.abc import Iterator

from explainer.explain.derivation.board import Board
from explainer.explain.derivation.slopes import slope_of_activation, slope_of_loss
from explainer.explain.document import Block
from explainer.maths.chain import Chain
from explainer.trace.principles import layers, outputs
from explainer.trace.principles.layers import SoftmaxLayer
from explainer.trace.principles.whole import slopes


def output_term(board: Board) -> Iterator[Block]:
    """The error term of an output unit."""
    own, unit = board.own, board.own.output_unit
    if own.output.coupled:
        yield from softmax_term(board)
        return
    yield board.say("output_split", unit=board.letter("k"), output=board.letters(unit.output))
    yield board.chain(outputs.output_split(own))
    yield board.heading("slope_of_loss", slope_of_loss(board), 1)
    yield board.heading("slope_of_output", slope_of_activation(board, next(slopes(own))), 1)
    yield board.heading("both_factors", both_factors(board), 1)


def both_factors(board: Board) -> Iterator[Block]:
    """The two factors of an output unit put together."""
    yield board.chain(outputs.output_delta(board.own))
    yield board.result("result_output", outputs.output_delta(board.own))


def softmax_term(board: Board) -> Iterator[Block]:
    """The error term of an output unit under softmax, where every output depends on every net input."""
    own = board.own
    layer = layers.output_layer(own)
    yield board.say("softmax", net=board.letters(own.output_unit.net), other=board.letter("m"))
    yield board.chain(layer.paths()[:2])
    yield board.heading("slope_of_loss", slope_of_loss(board), 1)
    yield board.heading("slopes_of_outputs", slopes_of_outputs(board, layer), 1)
    yield board.heading("both_factors", softmax_together(board, layer), 1)


def slopes_of_outputs(board: Board, layer: SoftmaxLayer) -> Iterator[Block]:
    """How the outputs of a softmax layer depend on the net input of one unit."""
    yield board.say("softmax_own", unit=board.letter(layer.letter))
    yield board.chain(layer.own_slope())
    yield board.say("softmax_other", other=board.letter("m"))
    yield board.chain(layer.other_slope())


def softmax_together(board: Board, layer: SoftmaxLayer) -> Iterator[Block]:
    """What comes through all outputs put together."""
    own = board.own
    named = own.laws.delta_named
    if not own.matched:
        yield from shared_out(board, layer, layers.delta_of_outputs(own))
        yield board.result("result_output", layers.delta_of_outputs(own))
        return
    yield board.chain(layers.matched_slope(own))
    if named:
        yield board.chain(layers.matched_delta(own))
    yield board.result("result_output", layers.matched_delta(own) if named else layers.matched_slope(own))


def shared_out(board: Board, layer: SoftmaxLayer, delta: Chain) -> Iterator[Block]:
    """δ of a unit of a softmax layer; first the sum that it comes from, where δ has a symbol of its own."""
    if board.own.laws.delta_named:
        yield board.chain(layer.paths())
    yield board.chain(delta)
