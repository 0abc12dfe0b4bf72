"""The page of a training of a single step: the passes over all its samples, the update, and all of them again."""

from collections.abc import Iterator
from itertools import groupby

from explainer.explain import batch, passes, updates
from explainer.explain.document import Block
from explainer.explain.dropout import masks
from explainer.explain.given import given_section
from explainer.explain.insight import insight_sections
from explainer.explain.kinds import Kind
from explainer.explain.kinds.step import title
from explainer.explain.normalization import inference_section
from explainer.explain.notation import notation_section
from explainer.explain.optimizers import look_ahead_section
from explainer.explain.outcome import check_section, table_section
from explainer.explain.reading import Reading
from explainer.explain.remarks import remarks_section
from explainer.trace.trace import Step


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


KIND = Kind(
    title,
    (
        notation_section,
        given_section,
        step_sections,
        check_section,
        inference_section,
        table_section,
        remarks_section,
        insight_sections,
    ),
)
