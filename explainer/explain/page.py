"""The page: a trace, arranged as a lecturer would write it on the board."""

from collections.abc import Iterator

from explainer.explain.document import Block, Document
from explainer.explain.given import given_section
from explainer.explain.outcome import check_section, table_section
from explainer.explain.passes import backward_section, error_section, forward_section, update_section
from explainer.explain.prose import prose
from explainer.explain.reading import Reading
from explainer.explain.remarks import remarks_section
from explainer.explain.working import Working
from explainer.problem.model import Presentation
from explainer.trace.trace import Trace


def explain(trace: Trace, presentation: Presentation) -> Document:
    """The worked solution of a trace; of a slice, what it needs and no more."""
    reading = Reading(trace, prose(presentation.language), Working(trace, presentation.detail))
    return Document(title(reading), tuple(blocks(reading)), presentation.language)


def title(reading: Reading) -> str:
    """The title of the problem, or what it is."""
    problem = reading.trace.problem
    sizes = "-".join(map(str, problem.network.sizes))
    return problem.title or reading.prose.text("headings.page").format(sizes=sizes)


def blocks(reading: Reading) -> Iterator[Block]:
    """The page from top to bottom."""
    trace = reading.trace
    if trace.problem.source:
        yield reading.say("page.source", source=trace.problem.source.rstrip("."))
    if trace.wanted:
        yield slice_intent(reading)
    yield given_section(reading)
    yield from forward_section(reading)
    yield from error_section(reading)
    yield from backward_section(reading)
    yield from update_section(reading)
    yield from check_section(reading)
    yield from table_section(reading)
    yield from remarks_section(reading)
    if trace.wanted:
        yield reading.say("page.slice_result", result=reading.naming(trace.wanted, values=True))


def slice_intent(reading: Reading) -> Block:
    """What a slice is for."""
    wanted = reading.trace.wanted
    key = "slice" if reading.trace.steps else "given_slice"
    return reading.say(f"page.{key if len(wanted) == 1 else f'{key}s'}", wanted=reading.naming(wanted))
