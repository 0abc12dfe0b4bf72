"""The section that states the network in letters: its units, its activation functions, and its loss."""

from collections.abc import Iterator

from explainer.explain.derivation.board import Board
from explainer.explain.document import Block, Bullets, Inlines
from explainer.explain.given import loss_share, named_within
from explainer.explain.own_functions import own_definition
from explainer.maths.formula import ONE, IndexedSum, Letter, Sum, difference, walk
from explainer.maths.quantity import FIXED_SIGNAL, OUTPUT
from explainer.problem.model import OneStep
from explainer.trace.derive import RATE, activation
from explainer.trace.laws import Unit
from explainer.trace.principles.layers import hidden_layer, output_layer
from explainer.trace.principles.setting import ANY, COUNT, Units


def setting(board: Board) -> Iterator[Block]:
    """The network, its functions and its loss, for any unit."""
    yield Bullets(tuple(definitions(board)))
    task = board.reading.trace.problem.task
    if isinstance(task, OneStep) and len(task.samples) > 1:
        yield board.say("samples_averaged" if board.reading.averaged else "samples_added")
    if isinstance(task, OneStep) and task.training.control.regularization.penalized:
        yield board.say("penalty")
    if not board.own.through:
        layer = Letter(ANY)
        yield board.say(
            "layers",
            any=board.letters(layer),
            before=board.letters(difference(layer, ONE)),
            next=board.letters(Sum((layer, ONE))),
            output=board.letter(OUTPUT),
        )


def definitions(board: Board) -> Iterator[Inlines]:
    """Net input, output and loss."""
    own, letters, told = board.own, board.letters, board.told
    net = letters(own.any_unit.net, own.net(ANY, "j", own.signal, "i"))
    yield told("net", unit=board.letter("j"), net=net, signal=letters(own.signal("i")), sender=board.letter("i"))
    yield from outputs(board)
    if "outputs" in board.parts:
        if own.distribution:
            yield told("distribution", sum=letters(IndexedSum("k", own.target), ONE))
        yield from loss(board)
    if "weights" in board.parts:
        if "outputs" not in board.parts:
            yield told("any_loss", loss=letters(own.loss_of_sample))
        yield told("rate", rate=letters(RATE))
    if own.fixed:
        yield told("fixed_signal", value=letters(FIXED_SIGNAL, ONE))


def outputs(board: Board) -> Iterator[Inlines]:
    """The activation function of every kind of unit."""
    own, hidden = board.own, board.own.hidden if "hidden" in board.parts else ()
    if own.alike and not own.output.coupled and {"outputs", "hidden"} <= {*board.parts}:
        yield board.told("output", output=function(board, own.output, own.any_unit))
        yield from within(board, own.output, own.any_unit)
        return
    for units in hidden:
        key = "output_in_layer" if units.layers else "hidden_output"
        shown = function(board, units, own.hidden_unit)
        yield board.told(key, unit=board.letter(own.letter), layers=board.where(units), output=shown)
        yield from within(board, units, own.hidden_unit)
    if "outputs" not in board.parts:
        return
    shown = function(board, own.output, own.output_unit)
    yield board.told("final_output", unit=board.letter("k"), output=shown)
    if own.output.function not in [each.function for each in hidden]:
        yield from within(board, own.output, own.output_unit)


def function(board: Board, units: Units, unit: Unit) -> Inlines:
    """An activation function as it is defined."""
    found, letters = activation(units.function), board.letters
    if found.layer is not None:
        layer = output_layer(board.own) if units is board.own.output else hidden_layer(board.own, units)
        return board.told("whole_layer", output=letters(*layer.stated()))
    value = found.value(unit.net)
    if units.function.own is not None:
        stated = own_definition(board.reading, units.function.own)
        return board.told("own_output", output=letters(unit.output, value), function=stated)
    return (letters(unit.output, value, *([found.definition(unit.net)] if found.definition else [])),)


def within(board: Board, units: Units, unit: Unit) -> Iterator[Inlines]:
    """What the functions stand for that the definition of an activation function is made of."""
    found = activation(units.function)
    if found.layer is None and found.definition is not None and units.function.own is None:
        yield from named_within(board.reading, found.definition(unit.net), unit.net)


def loss(board: Board) -> Iterator[Inlines]:
    """The loss, and what it is made of where that has a name."""
    own = board.own
    stated = own.loss_in_letters("k")
    key = "loss_counted" if COUNT in walk(stated) else "loss"
    shown: Inlines = (board.letters(own.loss_of_sample, stated),)
    share = loss_share(board.reading, own.loss)
    if share:
        shown = board.told("loss_with", loss=shown, share=share)
    yield board.told(key, unit=board.letter("k"), count=board.letters(COUNT), loss=shown)
