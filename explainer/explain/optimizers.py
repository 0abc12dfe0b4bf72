"""What is said of the optimizer: its law, what of it is no matter of the digits carried, and where it looks ahead."""

from collections.abc import Callable, Iterator, Mapping

from explainer.explain import control
from explainer.explain.document import Block, Derivation, Derivations, Inlines, Paragraph
from explainer.explain.parameters import kept
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.maths.formula import Formula, Sum, walk
from explainer.maths.optimizers import ANY_STEP, EPSILON, OPTIMIZERS, Slots
from explainer.maths.quantity import Index, Quantity
from explainer.trace.derive import RATE, optimizer


def any_signal(reading: Reading, sample: Index = 0, layer: Index = "l") -> Quantity:
    """What any unit i sends to a layer: where there is but one, an input; to the output layer, a hidden output."""
    if reading.last == 1:
        return Quantity("input", 0, "i", 0, sample)
    if layer == reading.last:
        return Quantity("output", reading.last - 1, "i", 0, sample)
    if reading.trace.names.convention.nodes == "by-layer":
        return Quantity("output", "l−1", "i", 0, sample)
    return Quantity("input", "l", "i", 0, sample)


def look_ahead_section(reading: Reading) -> Iterator[Block]:
    """Where the velocities take the parameters, before the passes that run there."""
    steps, ahead = reading.steps("ahead"), optimizer(reading.trace.problem.training).ahead
    if steps and ahead is not None:
        yield reading.heading("ahead", 2, [look_ahead_law(reading, ahead), reading.together(steps)])


def look_ahead_law(reading: Reading, ahead: Callable[[Slots], Formula]) -> Block:
    """That all passes run ahead, and where that is for any parameter."""
    parameter = any_parameter(reading)
    law = reading.letters(parameter.ahead(), ahead(Slots(parameter, parameter.gradient(), RATE, ANY_STEP)))
    sentences = [reading.prose("laws.ahead", law=law, loss=reading.letters(Quantity("loss", reading.last)))]
    if any(kept(reading)):
        sentences.append(reading.prose("laws.ahead_only_trained"))
    return Paragraph(listed(sentences, " "))


def any_parameter(reading: Reading) -> Quantity:
    """Any weight; any bias where no weight is changed."""
    weighted = "weight" in reading.trace.connections.changed
    return Quantity("weight", "l", "j", "i") if weighted else Quantity("bias", "l", "j")


def optimizer_law(reading: Reading) -> Iterator[Block]:
    """The lines of the optimizer for any weight, from its gradient to its new value, and what is to be said of them."""
    parameter, training = any_parameter(reading), reading.trace.problem.training
    key = "laws.optimizer"
    if training.optimizer == "sgd":
        key = "laws.update_turned" if training.control.clipping is None else "laws.update_clipped"
    key = key if parameter.role == "weight" else f"{key}_only_biases"
    yield reading.say(key, optimizer=OPTIMIZERS[training.optimizer].label)
    stated = (reading.letters(*sides).terms for sides in lines(reading, parameter))
    yield Derivations(tuple(Derivation(terms, stacked=False) for terms in stated))
    sentences = list(remarks(reading))
    if sentences:
        yield Paragraph(listed(sentences, " "))


def lines(reading: Reading, parameter: Quantity) -> Iterator[tuple[Formula, Formula]]:
    """The gradient of any parameter, the lines of the optimizer, and the new value; the change where it has a name."""
    rule, laws, steering = optimizer(reading.trace.problem.training), reading.laws, control.control_of(reading)
    sample = reading.any_sample if reading.over_batch else 0
    sent = any_signal(reading, sample) if parameter.role == "weight" else laws.bias_signal
    share = Quantity("delta", "l", "j", 0, sample), sent
    if not control.clips_together(reading):
        slope = laws.stated_slope_of_loss(share, averaged=reading.averaged if reading.over_batch else None)
        yield from control.gradient_lines(reading, parameter, slope)
    yield from steering.clipped(parameter)
    change: Formula = parameter.change()
    named = rule.states_change or reading.trace.names.convention.update == "by-change"
    for quantity, formula in rule.lines(Slots(parameter, steering.moving(parameter), RATE, ANY_STEP)):
        if quantity != parameter.change() or named:
            yield quantity, formula
        else:
            change = formula
    yield parameter.after(), laws.update(control.kept(reading, parameter), change)


def remarks(reading: Reading) -> Iterator[Inlines]:
    """The letters that the law has, the biases, what is not trained, and an ε that is lost in the digits carried."""
    before = control.clips_together(reading)
    if reading.over_batch and not before:
        key = "laws.over_samples" if reading.averaged else "laws.added_over_samples"
        yield reading.prose(key, sample=reading.letter(reading.any_sample), count=reading.letter(reading.samples))
    yield from () if before else control.gradient_remarks(reading)
    yield from control.update_remarks(reading)
    if reading.trace.connections.changed == {"weight", "bias"}:
        yield control.biases_too(reading)
    yield from control.contrast(reading)
    yield from variant(reading)
    if not OPTIMIZERS[reading.trace.problem.training.optimizer].rated:
        yield reading.prose("laws.unrated", epsilon=reading.letters(EPSILON))
    if optimizer(reading.trace.problem.training).counts:
        yield reading.prose("laws.counts", step=reading.letter(ANY_STEP))
    if is_lost(reading):
        yield reading.prose("laws.epsilon_lost", epsilon=reading.value(EPSILON))
    yield from kept(reading)


VARIANTS: Mapping[tuple[str, object], str] = {
    ("form", "textbook"): "laws.form_textbook",
    ("form", "library"): "laws.form_library",
    ("epsilon_place", "outside"): "laws.epsilon_outside",
    ("epsilon_place", "inside"): "laws.epsilon_inside",
}
"""What is said of the variant of an optimizer, by its parameter and what that is."""


def variant(reading: Reading) -> Iterator[Inlines]:
    """Which of its variants an optimizer is taken in, where textbooks and libraries have several."""
    training = reading.trace.problem.training
    for name in OPTIMIZERS[training.optimizer].parameters:
        key = VARIANTS.get((name, training.optimizer_parameters[name]))
        if key is not None:
            yield reading.prose(key, epsilon=reading.letters(EPSILON))


def is_lost(reading: Reading) -> bool:
    """Whether ε changes nothing that it is added to, at the digits carried."""
    if reading.in_letters:
        return False
    arithmetic, value = reading.trace.arithmetic, reading.trace.value
    found = []
    for step in reading.steps("update"):
        for part in walk(step.equation.formula):
            if isinstance(part, Sum) and EPSILON in part.terms:
                alone = Sum(part.terms[:1])
                found.append([arithmetic.subresult(each, value, step.phase) for each in (part, alone)])
    return bool(found) and all(one == other for one, other in found)
