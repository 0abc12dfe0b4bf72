"""The page: a trace, arranged as a lecturer would write it on the board."""

from collections.abc import Iterator

from explainer.explain.closed import working
from explainer.explain.document import Block, Document
from explainer.explain.kinds import Kind, kind_of_page
from explainer.explain.prose import prose
from explainer.explain.reading import Reading, worded
from explainer.problem.model import Presentation
from explainer.trace.trace import Trace


def explain(trace: Trace, presentation: Presentation) -> Document:
    """The worked solution of a trace; of a slice, what it needs and no more."""
    reading = reading_of(trace, presentation)
    kind = kind_of_page(trace.problem.kind)
    return Document(trace.problem.title or kind.title(reading), tuple(blocks(reading, kind)), presentation.language)


def reading_of(trace: Trace, presentation: Presentation) -> Reading:
    """A trace as it is read in the language and the detail that are asked for."""
    return Reading(trace, worded(prose(presentation.language), trace), working(trace, presentation.detail))


def blocks(reading: Reading, kind: Kind) -> Iterator[Block]:
    """The page from top to bottom."""
    trace = reading.trace
    if trace.problem.source:
        yield reading.say("page.source", source=trace.problem.source.rstrip("."))
    if trace.wanted:
        yield slice_intent(reading)
    for section in kind.sections:
        yield from section(reading)
    if trace.problem.presentation.derivation and not trace.wanted:
        from explainer.explain.derivation.sections import derivation_section

        yield derivation_section(reading)
    if trace.wanted and not reading.in_letters:
        yield reading.say("page.slice_result", result=reading.naming(trace.wanted, values=True))


def slice_intent(reading: Reading) -> Block:
    """What a slice is for."""
    wanted = reading.trace.wanted
    key = "given_slice" if not reading.trace.steps else "letters_slice" if reading.in_letters else "slice"
    return reading.say(f"page.{key if len(wanted) == 1 else f'{key}s'}", wanted=reading.naming(wanted))
