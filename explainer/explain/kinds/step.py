"""The page of one step of gradient descent: forward, backward, update, check, as on the board."""

from collections.abc import Iterator

from explainer.explain.document import Block
from explainer.explain.forms import form
from explainer.explain.insight import insight_sections
from explainer.explain.kinds import Kind
from explainer.explain.outcome import table_section
from explainer.explain.reading import Reading
from explainer.explain.remarks import remarks_section


def title(reading: Reading) -> str:
    """What is worked out, and on which network."""
    sizes = "-".join(map(str, reading.trace.problem.network.sizes))
    key = "page_vowel" if sizes.startswith(VOWELS) else "page"
    return reading.prose.text(f"headings.{key}").format(sizes=sizes)


VOWELS = ("8", "11-", "18-")
"""How numbers begin that are spoken with a vowel first: eight, eleven, eighteen, eighty."""


def worked(reading: Reading) -> Iterator[Block]:
    """The notation, what is given, the step and the check, in the convention's form."""
    found = form(reading)
    yield from found.beginning(reading)
    yield from found.step(reading)
    yield from found.check(reading)


KIND = Kind(title, (worked, table_section, remarks_section, insight_sections))
