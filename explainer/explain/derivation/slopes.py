"""How a slope is shown that is derived by itself: line by line, case by case where there are several."""

from collections.abc import Iterator

from explainer.explain.derivation.board import Board, joined
from explainer.explain.document import Block, Inlines
from explainer.explain.given import ANY_ERROR
from explainer.explain.own_functions import U
from explainer.explain.prose import listed
from explainer.maths.activations import Activation
from explainer.maths.chain import Line, last
from explainer.maths.formula import ZERO, Call, Formula, Negation, Partial, Sum, quantities, walk
from explainer.maths.functions import written_out
from explainer.maths.slopes import Z
from explainer.trace.claims import SlopeClaim
from explainer.trace.derive import activation
from explainer.trace.principles import outputs
from explainer.trace.principles.whole import ActivationSlope


def slope_of_activation(board: Board, slope: ActivationSlope) -> Iterator[Block]:
    """The slope of an activation function, and what it is in a unit."""
    if slope.known:
        yield joined((board.told("slope_known", kind=board.kind(slope.units)), *said(board, slope)))
        return
    place = slope.place if "outputs" in board.parts else "any"
    key = "slope_in_layers" if slope.units.layers else f"slope_{place}"
    yield board.say(key, variable=board.letters(Z), layers=board.where(slope.units))
    yield from cases(board, slope.claim)
    yield joined(said(board, slope))


def slope_alone(board: Board, slope: ActivationSlope) -> Iterator[Block]:
    """The slope of an activation function by itself, for any number."""
    yield board.say("slope_alone", variable=board.letters(Z))
    yield from cases(board, slope.claim)
    function, told = activation(slope.units.function), list[Inlines]()
    if slope.claim.cases[-1].condition:
        told.append(met(board, function))
    told += [*meanings(board, last(slope.claim.cases[-1].chain)), *ties(board, function)]
    if told:
        yield joined(told)


def cases(board: Board, claim: SlopeClaim, subject: Formula | None = None) -> Iterator[Block]:
    """Each chain, with what it assumes; `subject` is what the page calls their first side, if not as it stands."""
    for case in claim.cases:
        if case.condition:
            yield board.say("case", condition=board.condition(case.condition))
        first, *lines = case.chain
        yield board.chain((first if subject is None else Line(subject), *lines))


def said(board: Board, slope: ActivationSlope) -> Iterator[Inlines]:
    """What the slope is in a unit, what it is called, and what holds where two cases meet."""
    function = activation(slope.units.function)
    together, variable = slope.claim.together, board.letters(Z)
    shown = board.reading.prose.enumerated(list(stated(board, slope)))
    if slope.claim.cases[-1].condition:
        yield board.told("cases", variable=variable, slope=shown)
        yield met(board, function)
    elif isinstance(together, Call) and last(slope.claim.cases[-1].chain) != together:
        yield board.told("slope_called", variable=variable, called=board.letters(together), slope=shown)
    else:
        yield board.told("slope_at", variable=variable, slope=shown)
    yield from meanings(board, last(slope.claim.cases[-1].chain))
    yield from ties(board, function)


def ties(board: Board, function: Activation) -> Iterator[Inlines]:
    """Where a function that a problem defines may have no derivative."""
    found: list[Inlines] = [(board.letters(*each),) for each in map(sides, function.ties(Z))]
    if found:
        yield board.told("ties", places=board.reading.prose.enumerated(found))


def sides(tie: Formula) -> tuple[Formula, Formula]:
    """The two formulas that are equal where this is 0."""
    match tie:
        case Sum((left, Negation(right))):
            return left, right
    return tie, ZERO


def stated(board: Board, slope: ActivationSlope) -> Iterator[Inlines]:
    """∂o/∂net of the units that the function belongs to."""
    own, function = board.own, slope.units.function
    alike = [each for each in own.single if each.function == function] if slope.place == "output" else []
    first = [(slope.units, slope.unit)] if not alike or "outputs" in board.parts else []
    for units, unit in (*first, *((each, own.hidden_unit) for each in alike)):
        equal = [Partial(unit.output, unit.net), own.slope(units, unit)]
        written = activation(function).slope
        if written and (
            slope.claim.cases[-1].condition or unit.output in {*quantities(written(unit.net, unit.output))}
        ):
            equal.append(written(unit.net, unit.output))
        shown = board.letters(*equal)
        named = units.layers and len(alike) > 0
        yield board.told("slope_there", slope=shown, layers=board.where(units)) if named else (shown,)


def met(board: Board, function: Activation) -> Inlines:
    """What holds where the pieces of a function meet: that there is no derivative, or that both slopes are one."""
    return board.told("kink" if function.kinks else "joint")


def meanings(board: Board, formula: Formula) -> Iterator[Inlines]:
    """What the functions stand for that a slope is made of, in a sentence."""
    variable = ANY_ERROR if any(quantities(formula)) else U
    waiting, seen, told = [formula], set[Formula](), list[Inlines]()
    while waiting:
        for found in [each for each in walk(waiting.pop(0)) if isinstance(each, Call) and each.function in MEANT]:
            call = Call(found.function, (variable, *found.arguments[1:])) if found.function in OF_ANY else found
            meaning = written_out(call)
            if meaning is not None and call not in seen:
                seen.add(call)
                waiting.append(meaning)
                told.append((board.letters(call, meaning),))
    if told:
        yield board.told("called", functions=listed(told, "; "))


OF_ANY = ("huber'", "sign", "relu'")
"""Functions that come up in slopes and are told for any error, or for any number u."""

MEANT = ("density", "cubic'", *OF_ANY)
"""All the functions that first come up in slopes."""


def slope_of_loss(board: Board) -> Iterator[Block]:
    """How the loss depends on an output."""
    own = board.own
    chain, claim = outputs.slope_of_loss(own), outputs.slope_of_term(own)
    if claim.together is None:
        yield board.chain(chain)
        return
    yield board.chain(chain[:3])
    yield from cases(board, claim, chain[0].formula)
    yield board.say("together")
    yield board.chain((chain[0], *chain[3:]))
    yield joined((*meanings(board, claim.together), loss_met(board)))


def loss_met(board: Board) -> Inlines:
    """What holds where the cases of a loss meet."""
    own = board.own
    if own.loss_slope.meeting is None:
        return board.told("loss_joint")
    return board.told("loss_kink", place=board.letters(*own.loss_slope.meeting(own.target, own.output_unit.output)))
