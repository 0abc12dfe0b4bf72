"""The section on the error term of a hidden unit."""

from collections.abc import Iterator

from explainer.explain.derivation.board import Board
from explainer.explain.derivation.outputs import shared_out, slopes_of_outputs
from explainer.explain.derivation.slopes import slope_of_activation
from explainer.explain.document import Block
from explainer.trace.principles import hidden, layers
from explainer.trace.principles.setting import Units
from explainer.trace.principles.whole import slopes


def hidden_term(board: Board) -> Iterator[Block]:
    """The error term of a hidden unit."""
    own = board.own
    if own.single:
        net, receiver = board.letters(own.hidden_unit.net), board.letter("k")
        yield board.say("hidden", net=net, receiver=receiver)
        several = len(own.single) > 1
        if several:
            yield board.heading("slopes_of_hidden", own_slopes(board), 1)
        yield board.heading("one_path", one_path(board, several=several), 1)
        yield board.heading("all_paths", all_paths(board), 1)
        if several:
            yield board.heading("by_layer", by_layer(board), 1)
    if own.coupled:
        yield board.heading("hidden_softmax", softmax(board, own.coupled), 1 if own.single else 0)


def own_slopes(board: Board) -> Iterator[Block]:
    """The slopes of the activation functions of hidden units, without what is shown of output units."""
    for slope in slopes(board.own):
        if slope.place == "hidden" or "outputs" not in board.parts:
            yield from slope_of_activation(board, slope)


def one_path(board: Board, *, several: bool) -> Iterator[Block]:
    """From a hidden unit to one that it feeds."""
    own, unit = board.own, board.own.hidden_unit
    if not several:
        yield from own_slopes(board)
    net, output = board.letters(unit.net), board.letters(unit.output)
    yield board.say("path", net=net, receiver=board.letter("k"), output=output)
    yield board.chain(hidden.path(own))


def all_paths(board: Board) -> Iterator[Block]:
    """What comes back along all paths, added up."""
    own = board.own
    yield board.chain(hidden.paths(own))
    if own.laws.delta_named:
        yield board.chain(hidden.hidden_delta(own))
    result = hidden.hidden_delta(own) if own.laws.delta_named else hidden.paths(own)
    alone = len(own.single) == 1
    yield board.result("result_hidden", result, kind=board.kind(own.single[0] if alone else Units(own.output.function)))


def by_layer(board: Board) -> Iterator[Block]:
    """The error term with the slope of each activation function put in."""
    own = board.own
    for units in own.single:
        yield board.say("in_layers", layers=board.where(units))
        yield board.chain(hidden.hidden_delta_of(own, units))


def softmax(board: Board, units: Units) -> Iterator[Block]:
    """The error term in a hidden softmax layer."""
    own, layer = board.own, layers.hidden_layer(board.own, units)
    yield board.say(
        "softmax_hidden", kind=board.kind(units), net=board.letters(layer.here.net), other=board.letter("m")
    )
    yield board.chain(layer.paths()[:2])
    yield board.say("softmax_fed", output=board.letters(layer.here.output), receiver=board.letter("k"))
    yield board.chain(layers.slope_of_fed(own))
    yield board.chain(layers.slope_by_hidden(own))
    yield from slopes_of_outputs(board, layer)
    yield board.say("softmax_together")
    delta = layers.delta_of_hidden(own, units)
    yield from shared_out(board, layer, delta)
    yield board.result("result_hidden", delta, kind=board.kind(units))
