"""What a page says of the penalty in the loss, of gradients within a bound, and of weights that decay."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.explain.document import Block, Inlines
from explainer.explain.reading import Reading
from explainer.maths import penalties
from explainer.maths.decays import OVER, TIMES
from explainer.maths.formula import (
    AnyPower,
    Call,
    Constant,
    Formula,
    IndexedSum,
    Letter,
    Negation,
    Power,
    Product,
    Sum,
    total,
    walk,
)
from explainer.maths.optimizers import OPTIMIZERS, Line, setting
from explainer.maths.penalties import PENALTIES
from explainer.maths.quantity import Quantity
from explainer.trace.contrast import MOST_WEIGHTS, apart
from explainer.trace.control import BOUND, FACTOR, NORM, NORM_SQUARE, Control
from explainer.trace.decay import decay
from explainer.trace.derive import RATE
from explainer.trace.trace import Step

GRADIENTS, TOGETHER = ("data_gradient", "gradient"), ("norm_square", "norm", "factor")
"""The laws of gradients, and of what clips all of them together."""


def control_of(reading: Reading) -> Control:
    """What steers the training of a page."""
    return Control(reading.trace.problem, ahead=reading.trace.names.ahead)


def data_loss(reading: Reading) -> Quantity:
    """The loss on the data: the loss itself where there is no penalty."""
    return Quantity("data_loss" if control_of(reading).penalties else "loss", reading.last)


# -- what is given ----------------------------------------------------------------------------------


def steered(reading: Reading) -> Iterator[Inlines]:
    """The penalty, for any weights, and what it is added to."""
    control, loss = control_of(reading), Quantity("loss", reading.last)
    if control.penalties:
        whole, penalty = dict(control.loss(0))[loss], loss.of_parameter("penalty")
        weight = Letter(reading.trace.names.patterns["weight"].base)
        shares = (PENALTIES[name].stated(strength, weight) for name, strength in control.penalties.items())
        key = "control.given_all" if control.regularization.biases else "control.given"
        yield reading.prose(
            key, loss=reading.letters(loss, whole), penalty=reading.letters(penalty, total(tuple(shares)))
        )


def falling(reading: Reading) -> Iterator[Inlines]:
    """How the learning rate falls."""
    problem = reading.trace.problem
    given, rule = problem.training.control.decay, decay(problem.training)
    if given is None or rule is None:
        return
    if given.rule == "step":
        every = int(Decimal(given.parameters["every"]))
        factor = reading.letters(setting("q"))
        yield reading.prose.counted(f"control.each_{given.per}", f"control.some_{given.per}s", every, factor=factor)
        return
    law = reading.letters(RATE, rule.rate(0))
    yield reading.prose(f"control.falls_by_{given.per}", law=law, over=reading.letters(OVER))
    if "T" in rule.settings:
        yield reading.prose(f"control.stays_by_{given.per}", span=reading.letters(setting("T")))


def rate_blocks(reading: Reading, steps: list[Step]) -> Iterator[Block]:
    """The learning rate of a step, where it falls."""
    over = OVER in reading.trace.given and not reading.in_letters
    times = any(isinstance(part, AnyPower) for step in steps for part in walk(step.equation.formula))
    key = "rate_after" if over else "rate_times" if times else "rate"
    told = {"over": reading.value(OVER)} if over else {"times": reading.letter(TIMES)} if times else {}
    yield reading.say(f"control.{key}", **told)
    yield reading.together(steps)


# -- the error --------------------------------------------------------------------------------------


def penalty_blocks(reading: Reading) -> Iterator[Block]:
    """The penalty, and the loss with it; nothing where there is none."""
    for law in ("penalty", "whole_loss"):
        steps = [step for step in reading.steps("error") if step.equation.law == law]
        if steps:
            yield reading.say(f"control.{law}")
            yield reading.together(steps)


# -- the laws ---------------------------------------------------------------------------------------


def is_turned(reading: Reading) -> bool:
    """Whether a parameter is moved by something else than the gradient that the passes give."""
    return reading.trace.problem.training.control.turns_gradient


def clips_together(reading: Reading) -> bool:
    """Whether all gradients are shortened together, so that they come before the updates."""
    clipping = reading.trace.problem.training.control.clipping
    return clipping is not None and clipping.by == "norm"


def gradient_lines(reading: Reading, parameter: Quantity, slope: Formula) -> Iterator[Line]:
    """The gradient of any weight, or any bias, as the passes give it, and with the slope of the penalty."""
    control = control_of(reading)
    if control.penalties and is_held(reading, parameter):
        yield parameter.of_parameter("data_gradient"), slope
        yield control.with_penalty(parameter)
    else:
        yield parameter.gradient(), slope


def is_held(reading: Reading, parameter: Quantity) -> bool:
    """Whether weights, or biases, are held back."""
    return parameter.role == "weight" or reading.trace.problem.training.control.regularization.biases


def kept(reading: Reading, parameter: Quantity) -> Formula:
    """What the change is added to: any weight, or with weight decay (1 − ηλ) w."""
    strength = control_of(reading).strengths.get("weight_decay")
    if strength is None or not is_held(reading, parameter):
        return parameter
    return penalties.shrunk(parameter, RATE, strength)


def gradient_remarks(reading: Reading) -> Iterator[Inlines]:
    """What is to be said of the gradients: what the penalty adds to them, and where it has no slope."""
    control, prose = control_of(reading), reading.prose
    weight = Letter(reading.trace.names.patterns["weight"].base)
    if control.penalties:
        yield prose("control.slope")
        if "l1" in control.penalties:
            at_zero = Call("sign", (Constant(0),))
            size = reading.letters(Call("abs", (weight,)))
            yield prose("control.at_zero", size=size, sign=reading.letters(at_zero, Constant(0)))
        if reading.biased and not control.regularization.biases:
            yield prose("control.weights_only")


def biases_too(reading: Reading) -> Inlines:
    """That biases are changed as weights are, as far as they are."""
    held_back = reading.trace.problem.training.control.regularization
    free = (held_back.penalized or held_back.weight_decay) and not held_back.biases
    return reading.prose("laws.update_biases_otherwise" if free else "laws.update_biases")


def update_remarks(reading: Reading) -> Iterator[Inlines]:
    """What is to be said of the updates: gradients that are cut off, weights that decay."""
    control, prose = control_of(reading), reading.prose
    if control.clipping is not None and control.clipping.by == "value":
        yield prose("control.cut_off", bound=reading.letters(BOUND))
    if "weight_decay" in control.strengths:
        yield prose("control.decay")
        if reading.biased and not control.regularization.biases:
            yield prose("control.decay_weights_only")


def contrast(reading: Reading) -> Iterator[Inlines]:
    """How the L2 penalty compares with weight decay under this optimizer."""
    control, problem = control_of(reading), reading.trace.problem
    ways = control.strengths.keys()
    family = OPTIMIZERS[problem.training.optimizer]
    one_way = ways in ({"l2"}, {"weight_decay"}) and control.clipping is None
    if not one_way or not family.rated or "weight_decay" in family.parameters:
        return
    way = "penalty" if "l2" in ways else "decay"
    if problem.training.optimizer == "sgd":
        weight, strength = Quantity("weight", "l", "j", "i"), next(iter(control.strengths.values()))
        gradient = weight.of_parameter("data_gradient" if way == "penalty" else "gradient")
        shrunk = reading.laws.update(
            penalties.shrunk(weight, RATE, strength), reading.laws.change_by_gradient(RATE, gradient)
        )
        slope = Sum((gradient, Product((strength, weight))))
        moved = reading.laws.update(weight, Product((Negation(RATE), slope)))
        yield reading.prose(f"control.{way}_is_the_same", law=reading.letters(moved, shrunk))
        return
    weights = sum(each.role == "weight" for each in reading.trace.given)
    if reading.in_letters or reading.trace.wanted or weights > MOST_WEIGHTS:
        return
    found = apart(problem)
    if found is None:
        yield reading.prose(f"control.{way}_not_apart")
        return
    rounding = reading.trace.arithmetic.rounding("weight", "update")
    size = rounding(Decimal(format(abs(found.larger), ".15g")))
    yield reading.prose(
        f"control.{way}_apart_larger" if found.larger > 0 else f"control.{way}_apart_smaller",
        step=found.step,
        weight=reading.letters(found.weight),
        by=reading.plain(rounding.numeral(size)),
    )


def shortening(reading: Reading, steps: list[Step]) -> Iterator[Block]:
    """The norm of all gradients, and the factor that shortens them: laws and working."""
    weight = Quantity("weight", "l", "j", "i")
    yield reading.say(
        "control.norm",
        norm=reading.letters(NORM_SQUARE, IndexedSum("", Power(weight.gradient(), 2))),
        factor=reading.letters(FACTOR, penalties.shortening(NORM, BOUND)),
        bound=reading.letters(BOUND),
    )
    yield reading.together(steps)
    kept_as_they_are = not reading.in_letters and reading.trace.value(NORM) <= reading.trace.value(BOUND)
    if kept_as_they_are:
        yield reading.say("control.short_enough")
