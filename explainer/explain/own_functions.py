"""Functions that a problem defines: what they are, and their derivatives, worked rule by rule."""

from collections.abc import Iterator

from explainer.explain.document import Block, Derivation, Inlines, Math
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.maths.arithmetic import SUBRESULTS
from explainer.maths.differentiation import SLOPES, letters
from explainer.maths.formula import Call, Constant, Formula, Letter, Prime, walk
from explainer.maths.functions import written_out
from explainer.maths.own_function import OUTPUT, OwnFunction
from explainer.maths.quantity import Quantity
from explainer.trace.derive import output_of

Z, U = Letter("z"), Letter("u")

RULES = {
    "variable": "differentiation.variable",
    "sum": "differentiation.sum",
    "factor": "differentiation.factor",
    "product": "differentiation.product",
    "quotient": "differentiation.quotient",
    "power": "differentiation.power",
    "exponential": "differentiation.exponential",
    "chain": "differentiation.chain",
    "function": "differentiation.function",
    "choice": "differentiation.choice",
    "size": "differentiation.size",
}
"""What each rule of differentiation is called."""


def own_definition(reading: Reading, function: OwnFunction) -> Inlines:
    """f(z) = its formula, with the numbers of its parameters."""
    stated = reading.letters(function.stated, function.formula)
    if not function.parameters:
        return (stated,)
    numbers: list[Inlines] = [
        (reading.letters(Letter(name), Constant(number)),) for name, number in function.parameters.items()
    ]
    return reading.prose("given.own_with", function=stated, list=reading.prose.enumerated(numbers))


def own_derivative(reading: Reading, layer: int) -> Iterator[Block]:
    """The derivative of the activation of a layer, where the problem defines it; once for all layers that have it."""
    function = reading.layer(layer).own
    later = {int(step.quantity.layer) for step in reading.steps("backward")} - set(range(layer + 1))
    if function is not None and all(reading.layer(other).own != function for other in later):
        yield from derived(reading, function)


def derived(reading: Reading, function: OwnFunction) -> Iterator[Block]:
    """The derivative of a function that the problem defines, line by line, with the rules that it follows by."""
    found = function.derivative
    known: list[Inlines] = [(reading.letters(Prime(Call(name, (U,))), SLOPES[name](U)),) for name in found.functions]
    yield reading.say(
        "laws.own_derivative_with" if known else "laws.own_derivative",
        function=reading.letters(Letter(function.sign)),
        rules=reading.prose.enumerated([reading.prose(RULES[rule]) for rule in found.rules]),
        known=listed(known),
    )
    lines = (*found.lines, *([function.display] if function.display else []))
    yield Derivation(reading.letters(function.slope_stated, *lines).terms)
    if function.display and OUTPUT in letters(function.display):
        yield reading.say("laws.own_output", output=reading.letters(Letter(OUTPUT), function.stated))
    yield from (reading.say("given.where", function=each) for each in choices(reading, lines[-1]))


def choices(reading: Reading, derivative: Formula) -> Iterator[Math]:
    """What the functions stand for, for any number u, that a derivative has where two branches meet."""
    for name in dict.fromkeys(each.function for each in walk(derivative) if isinstance(each, Call)):
        if name in BRANCHED:
            call = Call(name, (U,))
            meaning = written_out(call)
            yield reading.letters(call, *([] if meaning is None else [meaning]))


BRANCHED = ("relu'", "sign")
"""The functions of one number that are told by cases."""


def own_kinks(reading: Reading) -> Iterator[Inlines]:
    """Which net inputs lie where the function of their layer may have no derivative, and the slope that is used."""
    for step in reading.steps("forward", "net"):
        function = reading.layer(int(step.quantity.layer)).own
        if function is not None:
            yield from own_kink(reading, function, step.quantity)


def own_kink(reading: Reading, function: OwnFunction, net: Quantity) -> Iterator[Inlines]:
    """Whether a net input lies where a function may have no derivative, and the slope that is used."""
    arithmetic, value = reading.trace.arithmetic, reading.trace.value
    if any(not arithmetic.evaluate(tie, value, "forward") for tie in function.activation.ties(net)):
        slope, written = (form.derivative(net, output_of(net)) for form in function.activation.forms)
        used: Formula = reading.trace.worked(slope, "delta", "backward")
        if type(written) in SUBRESULTS:  # as it is written down where δ is worked out
            used = reading.trace.reduction("backward").worked(written)
        yield reading.prose("remarks.kink_own", net=reading.value(net), slope=reading.letters(slope, used))
