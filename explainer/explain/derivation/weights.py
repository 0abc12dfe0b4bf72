"""The sections from gradient descent to the change of a weight."""

from collections.abc import Iterator

from explainer.explain.derivation.board import Board
from explainer.explain.document import Block
from explainer.trace.principles import weights


def descent(board: Board) -> Iterator[Block]:
    """How a weight is changed, and what is needed for it."""
    yield board.say("descent")
    yield board.chain(weights.descent(board.own))
    yield board.say("wanted", slope=board.letters(board.own.by_loss(board.own.weight)))


def to_weight(board: Board) -> Iterator[Block]:
    """From the slope of the loss by a weight to the error term of a unit."""
    own = board.own
    yield board.say("split", weight=board.letters(own.weight), net=board.letters(own.any_unit.net))
    yield board.chain(weights.split(own))
    yield board.say("slope_of_net")
    yield board.chain(weights.slope_of_net(own))
    yield from meaning(board)
    yield board.say("change_downhill" if own.laws.downhill else "change_uphill")
    yield board.chain(weights.change(own))
    if own.biased:
        slope = board.letters(*(line.formula for line in weights.slope_by_bias(own)))
        yield board.say("change_of_fixed" if own.fixed else "change_of_bias", slope=slope)
        yield board.chain(weights.change_of_bias(own))
    if "outputs" in board.parts:
        yield board.say("open" if own.hidden else "open_output")


def meaning(board: Board) -> Iterator[Block]:
    """What the error term of a unit is."""
    own = board.own
    if own.laws.delta_named:
        yield board.say("meaning_downhill" if own.laws.downhill else "meaning_uphill")
        yield board.chain(weights.meaning(own))
    else:
        slope = board.letters(own.by_loss(own.any_unit.net))
        yield board.say("meaning_itself", slope=slope, unit=board.letter("j"))
