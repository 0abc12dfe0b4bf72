"""The two forms of a page: worked unit by unit, or in matrices."""

from collections.abc import Callable, Iterator
from itertools import groupby

from msgspec import Struct

from explainer.explain import batch, given, matrices, matrix_given, matrix_updates, passes, updates
from explainer.explain.document import Block, Bullets, Inlines
from explainer.explain.dropout import masks
from explainer.explain.notation import notation_section
from explainer.explain.optimizers import look_ahead_section
from explainer.explain.outcome import check_section
from explainer.explain.reading import Reading
from explainer.maths.quantity import FIXED_SIGNAL
from explainer.trace.trace import Step

Sections = Callable[[Reading], Iterator[Block]]


class Form(Struct, frozen=True):
    """The sections of a page in one form.

    They are what it begins with, what a step of a run begins with, a step, a further step without the laws, the check.
    """

    beginning: Sections
    opening: Sections
    step: Sections
    again: Sections
    check: Sections


def form(reading: Reading) -> Form:
    """The form of a page: in matrices, where the convention asks for it and nothing stands in the way."""
    in_matrices = reading.trace.names.convention.form == "matrix" and not reading.trace.wanted
    return IN_MATRICES if in_matrices and unsuited(reading) is None else BY_UNIT


def unsuited(reading: Reading) -> str | None:
    """Why a page is not worked in matrices, as the key of a sentence: closed forms are too long for entries, …"""
    trace, connections = reading.trace, reading.trace.connections
    if trace.in_fractions:
        return "exact"
    if any(layer.mask for layer in connections.network.layers):
        return "missing"
    if any(connections.is_shared(each) and connections.is_trained(each) for each in connections.named):
        return "shared"
    return None if "weight" in connections.changed else "only_biases"


# -- unit by unit -----------------------------------------------------------------------------------


def beginning(reading: Reading) -> Iterator[Block]:
    """The notation, and what is given; first why it is not in matrices, where the convention asks for them."""
    if reading.trace.names.convention.form == "matrix" and not reading.trace.wanted:
        yield reading.say(f"matrix.unsuited_{unsuited(reading)}")
    yield from notation_section(reading)
    yield from given.given_section(reading)


def step_sections(reading: Reading) -> Iterator[Block]:
    """The passes and the update of a step, over one sample or several."""
    over = batch if reading.over_batch else passes
    yield from look_ahead_section(reading)
    yield from over.forward_section(reading)
    yield from over.error_section(reading)
    yield from over.backward_section(reading)
    yield from updates.update_section(reading)


def step_again(reading: Reading) -> Iterator[Block]:
    """The passes and the update of a further step, without the laws that the first has stated."""
    ahead = reading.steps("ahead")
    if ahead:
        yield reading.heading("ahead", 2, [reading.together(ahead)])
    for phase in ("forward", "error", "backward"):
        steps = reading.steps(phase)
        if steps:
            blocks = batch.worked(reading, steps) if reading.over_batch else by_layer(reading, steps)
            kept = masks(reading) if phase == "forward" else ()
            yield reading.heading(phase, 2, [*kept, *blocks])
    yield from updates.update_sections(reading)


def by_layer(reading: Reading, steps: list[Step]) -> Iterator[Block]:
    """The steps of each layer together."""
    for _, members in groupby(steps, key=lambda step: step.quantity.layer):
        yield reading.together(members)


def opening(reading: Reading) -> Iterator[Block]:
    """What a step begins with: its sample, where it is one of several, and what the step before has left."""
    sentences = [*sample(reading)]
    left = [each for each in reading.trace.given if each in reading.trace.carried]
    if left and not reading.in_letters:
        sentences.append(reading.prose("run.left", list=reading.listing(left)))
    if sentences:
        yield Bullets(tuple(sentences))


def sample(reading: Reading) -> Iterator[Inlines]:
    """The sample of a step, where it is one of several."""
    trace = reading.trace
    if not reading.over_batch and len(trace.problem.samples) > 1:
        given = [each for each in trace.given if each.role in ("input", "target") and each != FIXED_SIGNAL]
        yield reading.prose("run.sample", list=reading.listing(given))


BY_UNIT = Form(beginning, opening, step_sections, step_again, check_section)


# -- in matrices ------------------------------------------------------------------------------------


def beginning_in_matrices(reading: Reading) -> Iterator[Block]:
    """The notation, and what is given."""
    yield from matrix_given.notation_section(reading)
    yield from matrix_given.given_section(reading)


def step_in_matrices(reading: Reading, *, law: bool = True) -> Iterator[Block]:
    """The passes and the update of a step; a further step is without the laws."""
    yield from matrix_updates.look_ahead_section(reading, law=law)
    yield from matrices.forward_section(reading, law=law)
    yield from matrices.error_section(reading)
    yield from matrices.backward_section(reading, law=law)
    yield from matrix_updates.update_sections(reading, law=law)


def again_in_matrices(reading: Reading) -> Iterator[Block]:
    """A further step."""
    yield from step_in_matrices(reading, law=False)


IN_MATRICES = Form(
    beginning_in_matrices,
    matrix_given.opening,
    step_in_matrices,
    again_in_matrices,
    matrices.check_section,
)
