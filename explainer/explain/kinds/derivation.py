"""The page of a derivation: from gradient descent to the error terms of output and hidden units."""

from collections.abc import Iterator

from explainer.explain.derivation.board import Board
from explainer.explain.derivation.sections import sections as derivation
from explainer.explain.document import Block
from explainer.explain.kinds import Kind
from explainer.explain.notation import Shown, notation
from explainer.explain.reading import Reading
from explainer.maths.quantity import OUTPUT
from explainer.trace.principles.whole import quantities_of, setting_of


def title(reading: Reading) -> str:
    """What is derived."""
    return reading.prose.text("headings.derivation_page")


def sections(reading: Reading) -> Iterator[Block]:
    """The notation and the derivation, as the whole of the page."""
    own = setting_of(reading.trace.problem)
    yield notation(reading, Shown.of(quantities_of(own), OUTPUT, biased=own.biased))
    yield from derivation(Board(reading, own, 2))


KIND = Kind(title, (sections,))
