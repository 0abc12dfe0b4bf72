"""The section of the updates: the law of the gradient and of the new value, and every parameter by them."""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from explainer.explain import control
from explainer.explain.at_output import at_output, stated_for_any
from explainer.explain.document import Block, Inlines, Paragraph
from explainer.explain.normalization import running_section, shaping_law
from explainer.explain.optimizers import any_signal, optimizer_law
from explainer.explain.parameters import is_shared, kept
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.maths.formula import Formula
from explainer.maths.quantity import Index, Quantity, Role
from explainer.trace.derive import RATE
from explainer.trace.laws import Share
from explainer.trace.trace import Step


def update_section(reading: Reading) -> Iterator[Block]:
    """The change and the new value of every parameter, unit by unit."""
    yield from update_sections(reading, law=True)


def update_sections(reading: Reading, *, law: bool = False) -> Iterator[Block]:
    """The updates, and before them the gradients where all of these are clipped together; each with its `law`."""
    groups: dict[str, list[Step]] = {}
    for step in reading.steps("update"):
        groups.setdefault(section_of(reading, step), []).append(step)
    for heading, steps in groups.items():
        alone = {"rate": control.rate_blocks, "clipping": control.shortening}
        if heading in alone:
            yield reading.heading(heading, 2, alone[heading](reading, steps))
            continue
        stated = (*LAWS[heading](reading), *shaping_law(reading)) if law else ()
        yield reading.heading(heading, 2, [*stated, *updated(reading, steps)])


def section_of(reading: Reading, step: Step) -> str:
    """The section that a step of the update belongs to."""
    if step.equation.law == "rate":
        return "rate"
    if step.equation.law in control.TOGETHER:
        return "clipping"
    first = control.clips_together(reading) and step.equation.law in control.GRADIENTS
    return "gradients" if first else "update"


def updated(reading: Reading, steps: list[Step]) -> Iterator[Block]:
    """What becomes of each parameter, unit by unit, and then of those that several places share."""
    steps = [step for step in steps if step.equation.law != "running"]
    new = {parameter(step.quantity) for step in steps if step.equation.law == "update"}
    shown = [step for step in steps if step.equation.law != "change" or parameter(step.quantity) not in new]
    shared = [step for step in shown if is_shared(reading, step.quantity)]
    for first, members in by_unit([step for step in shown if step not in shared]):
        yield reading.heading("into_node", 3, [reading.together(members)], node=reading.place(first))
    if shared:
        yield reading.heading("shared", 3, [reading.say("laws.update_shared"), reading.together(shared)])
    yield from running_section(reading)


def parameter(quantity: Quantity) -> tuple[object, ...]:
    """Which parameter a change or a new value belongs to."""
    return quantity.layer, quantity.unit, quantity.source


def by_unit(steps: list[Step]) -> Iterator[tuple[Quantity, list[Step]]]:
    """The steps of each receiving unit."""
    for _, members in groupby(steps, key=lambda step: (step.quantity.layer, step.quantity.unit)):
        unit = list(members)
        yield unit[0].quantity, unit


def update_stated(reading: Reading, parameter: Quantity, share: Share) -> Inlines:
    """The change of any weight, or of any bias, as the convention writes it, and its new value."""
    laws, change, after = reading.laws, parameter.change(), parameter.after()
    over = reading.averaged if reading.over_batch else None
    sides: list[tuple[Formula, Formula]] = []
    kept = control.kept(reading, parameter)
    match reading.trace.names.convention.update:
        case "by-change":
            sides = [(change, laws.stated_change(RATE, share, averaged=over)), (after, laws.update(kept, change))]
        case "direct":
            sides = [(after, laws.update(kept, laws.stated_change(RATE, share, averaged=over)))]
        case "by-gradient":
            gradient = parameter.gradient()
            updated = laws.update(kept, laws.change_by_gradient(RATE, gradient))
            sides = [(gradient, laws.stated_slope_of_loss(share, averaged=over)), (after, updated)]
    return reading.prose.enumerated([(reading.letters(*each),) for each in sides])


def gradient_law(reading: Reading) -> Iterator[Block]:
    """The law of the gradient of any weight, where all gradients come before the updates."""
    sample, over = (reading.any_sample, reading.averaged) if reading.over_batch else (0, None)
    weighted = "weight" in reading.trace.connections.changed

    def stated(layer: Index, unit: Index) -> Inlines:
        signal = any_signal(reading, sample, layer) if weighted else reading.laws.bias_signal
        parameter = Quantity("weight", layer, unit, "i") if weighted else Quantity("bias", layer, unit)
        slope = reading.laws.stated_slope_of_loss((Quantity("delta", layer, unit, 0, sample), signal), averaged=over)
        lines = control.gradient_lines(reading, parameter, slope)
        return reading.prose.enumerated([(reading.letters(*each),) for each in lines])

    roles: tuple[Role, ...] = ("weight" if weighted else "bias", "delta", "net")
    key = "control.gradients" if weighted else "control.gradients_only_biases"
    law = reading.prose(key, law=stated_for_any(reading, stated, *roles))
    sentences = [law, *at_output(reading, stated, *roles), *control.gradient_remarks(reading)]
    yield Paragraph(listed(sentences, " "))


def update_law(reading: Reading) -> Iterator[Block]:
    """The law of the update, for any weight."""
    if reading.trace.problem.training.optimizer != "sgd" or control.is_turned(reading):
        yield from optimizer_law(reading)
        return
    changed = reading.trace.connections.changed
    sample, weighted = reading.any_sample if reading.over_batch else 0, "weight" in changed

    def stated(layer: Index, unit: Index) -> Inlines:
        signal = any_signal(reading, sample, layer) if weighted else reading.laws.bias_signal
        parameter = Quantity("weight", layer, unit, "i") if weighted else Quantity("bias", layer, unit)
        return update_stated(reading, parameter, (Quantity("delta", layer, unit, 0, sample), signal))

    key = "laws.update" if reading.laws.downhill else "laws.update_uphill"
    if reading.over_batch and weighted:
        key = f"{key}_mean" if reading.averaged else f"{key}_sum"
    key = key if weighted else f"{key}_only_biases"
    roles: tuple[Role, ...] = ("weight" if weighted else "bias", "delta", "net")
    sentences = [
        reading.prose(
            key,
            law=stated_for_any(reading, stated, *roles),
            sample=reading.letter(reading.any_sample),
            count=reading.letter(reading.samples),
        )
    ]
    sentences += at_output(reading, stated, *roles)
    if reading.over_batch and not weighted:
        over = "laws.over_samples" if reading.averaged else "laws.added_over_samples"
        letters = {"sample": reading.letter(reading.any_sample), "count": reading.letter(reading.samples)}
        sentences.append(reading.prose(over, **letters))
    sentences += [] if control.clips_together(reading) else control.gradient_remarks(reading)
    sentences += control.update_remarks(reading)
    if changed == {"weight", "bias"}:
        sentences.append(control.biases_too(reading))
    sentences += control.contrast(reading)
    yield Paragraph(listed([*sentences, *kept(reading)], " "))


LAWS: Mapping[str, Callable[[Reading], Iterator[Block]]] = {"gradients": gradient_law, "update": update_law}
"""What is said before the working of each section."""
