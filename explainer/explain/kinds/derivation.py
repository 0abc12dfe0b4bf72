"""The page of a derivation: from gradient descent to the error terms of output and hidden units."""

from collections.abc import Iterator

from explainer.explain.derivation import Board
from explainer.explain.document import Block
from explainer.explain.kinds import Kind
from explainer.explain.reading import Reading
from explainer.trace.principles import principles_of


def title(reading: Reading) -> str:
    """What is derived."""
    return reading.prose.text("headings.derivation_page")


def sections(reading: Reading) -> Iterator[Block]:
    """The derivation, as the whole of the page."""
    yield from Board(reading, principles_of(reading.trace.problem), 2).sections()


KIND = Kind(title, (sections,))
