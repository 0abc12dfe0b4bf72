"""The updates of a page in matrices: their laws, and what becomes of the parameters of every layer."""

from collections.abc import Iterator, Mapping

from explainer.explain import control
from explainer.explain.document import Block, Derivation, Derivations, Inlines, Math, Paragraph
from explainer.explain.matrices import layer_section, numbers
from explainer.explain.matrix_given import any_array, any_of, any_weight, whole
from explainer.explain.normalization import running_law
from explainer.explain.optimizers import is_lost, variant
from explainer.explain.parameter_layers import ParameterLayers
from explainer.explain.parameters import kept
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.explain.stacking import Stacking
from explainer.explain.updates import section_of
from explainer.maths.formula import (
    Array,
    Formula,
    Letter,
    MatrixProduct,
    Negation,
    Ones,
    Quotient,
    Sum,
    Transposed,
    fraction,
    product,
    walk,
)
from explainer.maths.matrix import lifted
from explainer.maths.optimizers import ANY_STEP, EPSILON, OPTIMIZERS, Line, Slots
from explainer.maths.quantity import SCALE, SHIFT, Index, Quantity, Role, parameter_role
from explainer.trace.derive import RATE, optimizer
from explainer.trace.trace import Step

Sides = tuple[Formula, Formula]


def look_ahead_section(reading: Reading, *, law: bool = True) -> Iterator[Block]:
    """Where the velocities take the parameters, before the passes that run there."""
    steps, ahead = reading.steps("ahead"), optimizer(reading.trace.problem.training).ahead
    if not steps or ahead is None:
        return
    weight = any_weight("l")
    stated = reading.letters(weight.ahead(), lifted(ahead(Slots(weight, weight.gradient(), RATE, ANY_STEP)), any_of))
    sentences = [reading.prose("laws.ahead", law=stated, loss=reading.letters(Quantity("loss", reading.last)))]
    if any(kept(reading)):
        sentences.append(reading.prose("laws.ahead_only_trained"))
    said = [Paragraph(listed(sentences, " "))] if law else []
    yield reading.heading("ahead", 2, [*said, *by_layer(reading, steps)])


def update_sections(reading: Reading, *, law: bool = True) -> Iterator[Block]:
    """The updates, and before them the gradients where all of these are clipped together; each with its `law`."""
    groups: dict[str, list[Step]] = {}
    for step in reading.steps("update"):
        groups.setdefault(section_of(reading, step), []).append(step)
    for heading, steps in groups.items():
        match heading:
            case "rate":
                yield reading.heading(heading, 2, control.rate_blocks(reading, steps))
            case "clipping":
                yield reading.heading(heading, 2, control.shortening(reading, steps))
            case "gradients":
                said = gradient_law(reading) if law else ()
                yield reading.heading(heading, 2, [*said, *by_layer(reading, steps)])
            case _:
                said = update_law(reading) if law else ()
                yield reading.heading(heading, 2, [*said, *by_layer(reading, steps)])


# -- working ----------------------------------------------------------------------------------------


def by_layer(reading: Reading, steps: list[Step]) -> Iterator[Block]:
    """What becomes of the parameters of every layer, from the output back: the weights first."""
    new = {parameter(step) for step in steps if step.equation.law == "update"}
    shown = [step for step in steps if step.equation.law != "running"]
    shown = [step for step in shown if step.equation.law != "change" or parameter(step) not in new]
    for layer in reversed(numbers(reading)):
        own = [step for step in shown if step.quantity.layer == layer]
        blocks = [block for role in KINDS for block in of_kind(reading, own, role)]
        if blocks:
            yield layer_section(reading, layer, blocks)
    yield from running_section(reading, steps)


def running_section(reading: Reading, steps: list[Step]) -> Iterator[Block]:
    """What becomes of the running mean and variance of normalized layers."""
    found = [step for step in steps if step.equation.law == "running"]
    arrays = dict.fromkeys(map(ParameterLayers(reading).whole_of, (step.quantity for step in found)))
    stacks = (ParameterLayers(reading).by_entry(each) for each in arrays if isinstance(each, Array))
    derivations = [each for stack in stacks if stack for each in Stacking(reading.working).derivations(stack)]
    if derivations:
        yield reading.heading("running", 3, [Paragraph(running_law(reading)), Derivations(tuple(derivations))])


KINDS: tuple[Role, ...] = ("weight", "bias", "scale", "shift")


def parameter(step: Step) -> tuple[Index, Index, Index]:
    """Which parameter a step belongs to."""
    return step.quantity.layer, step.quantity.unit, step.quantity.source


def of_kind(reading: Reading, steps: list[Step], kind: Role) -> Iterator[Block]:
    """The working of all weights, or of all biases, of a layer: equation by equation, each for all of them."""
    own = [step for step in steps if parameter_role(step.quantity.source) == kind]
    if not own:
        return
    layers, stacking = ParameterLayers(reading), Stacking(reading.working)
    found: list[Derivation] = []
    for step in (each for each in own if parameter(each) == parameter(own[0])):
        stack = layers.stack_of(step)
        if stack is not None:
            found += stacking.derivations(stack)
        else:
            alike = (each for each in own if same_kind(each, step))
            found += reading.together(alike).members
    yield Derivations(tuple(found))


def same_kind(one: Step, other: Step) -> bool:
    """Whether two steps work out the same for different parameters."""
    return (one.quantity.role, one.quantity.iteration) == (other.quantity.role, other.quantity.iteration)


# -- laws -------------------------------------------------------------------------------------------


def update_law(reading: Reading) -> Iterator[Block]:
    """The law of the update, for the weights of any layer and for its biases."""
    training = reading.trace.problem.training
    if training.optimizer == "sgd" and not control.is_turned(reading):
        yield plain_law(reading)
        return
    if training.optimizer == "sgd":
        yield reading.say("matrix.update_turned" if training.control.clipping is None else "matrix.update_clipped")
    else:
        yield reading.say("matrix.optimizer", optimizer=OPTIMIZERS[training.optimizer].label)
    yield stated(reading, lines(reading, any_weight("l")))
    sentences = list(remarks(reading))
    if sentences:
        yield Paragraph(listed(sentences, " "))


def plain_law(reading: Reading) -> Block:
    """The law of gradient descent, for weights and for biases."""
    layer: Index = 1 if reading.last == 1 else "l"
    weight, bias = whole_of("weight", layer), whole_of("bias", layer)
    sentences = [
        reading.prose(
            SENTENCES[reading.laws.downhill, ParameterLayers(reading).is_batch],
            gradient=reading.letters(gradient(reading, layer, "weight")),
            update=reading.letters(weight.after(), moved(reading, weight, gradient(reading, layer, "weight"))),
        )
    ]
    if "bias" in reading.trace.connections.changed:
        share = gradient(reading, layer, "bias")
        update = reading.letters(bias.after(), moved(reading, bias, share))
        sentences.append(reading.prose("matrix.update_biases", delta=reading.letters(share), update=update))
    sentences += [
        *mean_said(reading),
        *shaping(reading),
        *control.gradient_remarks(reading),
        *control.update_remarks(reading),
        *control.contrast(reading),
    ]
    return Paragraph(listed([*sentences, *kept(reading)], " "))


SENTENCES: Mapping[tuple[bool, bool], str] = {
    (False, False): "matrix.update",
    (True, False): "matrix.update_downhill",
    (False, True): "matrix.update_batch",
    (True, True): "matrix.update_downhill_batch",
}
"""How weights are moved, where δ points downhill or not, over a batch or a single sample."""


def whole_of(role: Role, layer: Index) -> Quantity:
    """All weights, or biases, of any layer."""
    return any_weight(layer) if role == "weight" else Quantity(role, layer, "")


def gradient(reading: Reading, layer: Index, kind: Role) -> Formula:
    """δ aᵀ, or for biases δ; of a batch Δ Aᵀ, and Δ 1"""
    sent = whole(reading, "input", 0) if reading.last == 1 else whole(reading, "output", "l−1")
    delta, batch = whole(reading, "delta", layer), ParameterLayers(reading).is_batch
    if kind == "weight":
        return MatrixProduct((delta, Transposed(any_array(sent))))
    return MatrixProduct((delta, Ones(0))) if batch else delta


def mean(reading: Reading) -> tuple[Formula, ...]:
    """1/m, where the gradients of the samples are averaged."""
    averaged = ParameterLayers(reading).is_batch and reading.averaged
    return (fraction(1, Letter(reading.samples)),) if averaged else ()


def moved(reading: Reading, parameter: Quantity, share: Formula) -> Formula:
    """W − η/m Δ Aᵀ; with + where δ points downhill"""
    factors = share.factors if isinstance(share, MatrixProduct) else (share,)
    change = MatrixProduct((product(RATE, *mean(reading)), *factors))
    return Sum((control.kept(reading, parameter), change if reading.laws.downhill else Negation(change)))


def slope(reading: Reading, layer: Index, kind: Role = "weight") -> Formula:
    """∂L/∂W^[l], or ∂L/∂b^[l], by δ, with the sign that it has"""
    share, numbers = gradient(reading, layer, kind), mean(reading)
    if numbers and isinstance(share, MatrixProduct):
        share = MatrixProduct((*numbers, *share.factors))
    return Negation(share) if reading.laws.downhill else share


def lines(reading: Reading, weights: Quantity) -> Iterator[Line]:
    """The gradient of the weights of any layer, the lines of the optimizer, and the new weights."""
    rule, steering = optimizer(reading.trace.problem.training), control.control_of(reading)
    if not control.clips_together(reading):
        yield from control.gradient_lines(reading, weights, slope(reading, weights.layer))
    yield from steering.clipped(weights)
    change: Formula = weights.change()
    for quantity, formula in rule.lines(Slots(weights, steering.moving(weights), RATE, ANY_STEP)):
        if quantity != weights.change() or rule.states_change:
            yield quantity, formula
        else:
            change = formula
    yield weights.after(), reading.laws.update(control.kept(reading, weights), change)


def stated(reading: Reading, sides: Iterator[Line]) -> Derivations:
    """Laws, one below the other."""
    formulas = (
        (quantity, lifted(formula, any_of) if needs_lifting(formula) else formula) for quantity, formula in sides
    )
    return Derivations(tuple(Derivation(reading.letters(*each).terms, stacked=False) for each in formulas))


def needs_lifting(formula: Formula) -> bool:
    """Whether a formula is that of one parameter, and not one of matrices already."""
    return not isinstance(formula.term if isinstance(formula, Negation) else formula, MatrixProduct)


def biases(reading: Reading) -> Math:
    """∂L/∂b^[l] by δ"""
    bias = whole_of("bias", "l")
    (name, share), *_ = control.gradient_lines(reading, bias, slope(reading, "l", "bias"))
    return reading.letters(name, share)


def gradient_law(reading: Reading) -> Iterator[Block]:
    """The law of the gradient of any weights, where all gradients come before the updates."""
    yield reading.say("matrix.gradients")
    yield stated(reading, control.gradient_lines(reading, any_weight("l"), slope(reading, "l")))
    sentences = [*control.gradient_remarks(reading), *mean_said(reading)]
    if sentences:
        yield Paragraph(listed(sentences, " "))


def shaping(reading: Reading) -> Iterator[Inlines]:
    """The gradients by the scale and the shift of normalized layers."""
    layers, steps = ParameterLayers(reading), reading.steps("update", "gradient")
    for layer in reading.trace.connections.normalized:
        own = [step for step in steps if step.quantity.layer == layer and step.quantity.unit == 1]
        laws: list[Inlines] = [
            (reading.letters(layers.whole_of(step.quantity), layers.lifted(step.equation.formula)),)
            for step in own
            if step.quantity.source in (SCALE, SHIFT)
        ]
        yield reading.prose("matrix.shaping", laws=reading.prose.enumerated(laws))


def mean_said(reading: Reading) -> Iterator[Inlines]:
    """What the letter for the number of samples stands for."""
    if mean(reading):
        yield reading.prose("matrix.over_samples", count=reading.letter(reading.samples))


def remarks(reading: Reading) -> Iterator[Inlines]:
    """The letters that the law has, what is meant entry by entry, the biases, and what is not trained."""
    training = reading.trace.problem.training
    if any(isinstance(part, Quotient) for _, formula in lines(reading, any_weight("l")) for part in walk(formula)):
        yield reading.prose("matrix.entry_by_entry")
    if not control.clips_together(reading):
        yield from mean_said(reading)
        yield from control.gradient_remarks(reading)
    yield from control.update_remarks(reading)
    if reading.trace.connections.changed == {"weight", "bias"}:
        yield reading.prose("matrix.biases_too", gradient=biases(reading))
    yield from control.contrast(reading)
    yield from variant(reading)
    if not OPTIMIZERS[training.optimizer].rated:
        yield reading.prose("laws.unrated", epsilon=reading.letters(EPSILON))
    if optimizer(training).counts:
        yield reading.prose("laws.counts", step=reading.letter(ANY_STEP))
    yield from shaping(reading)
    if is_lost(reading):
        yield reading.prose("laws.epsilon_lost", epsilon=reading.value(EPSILON))
    yield from kept(reading)
