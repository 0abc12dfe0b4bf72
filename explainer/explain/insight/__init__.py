"""Sections that a page has on request (`presentation.sections`): what the numbers of a step say.

Each has a module of its own here: its `meaning` holds for every step, and its `blocks` tell of one.
"""

from collections.abc import Iterator
from importlib import import_module

from explainer.explain.document import Block
from explainer.explain.reading import Reading

HEADINGS = {
    "gradient-check": "gradient_check",
    "cost": "cost",
    "vanishing": "vanishing",
    "saturation": "saturation",
    "errata": "errata",
}
"""The key of the heading of each section, and the name of its module."""


NUMBERLESS = ("cost", "errata")
"""The sections that need no numbers."""


def insight_sections(reading: Reading) -> Iterator[Block]:
    """The sections that the problem asks for, of a single step; a slice has none."""
    if not reading.trace.wanted:
        for name in asked(reading):
            found = [*part(name, "meaning", reading), *part(name, "blocks", reading)]
            if found:
                yield reading.heading(HEADINGS[name], 2, found)


def run_sections(first: Reading, last: Reading) -> Iterator[Block]:
    """The same of a run: what holds for every step, and then the first and the last step that are shown."""
    for name in asked(first):
        found = list(part(name, "meaning", first))
        steps = {"first_shown": first, "last_shown": last} if last is not first else {"": first}
        for heading, reading in steps.items():
            blocks = list(part(name, "blocks", reading))
            found += [first.heading(heading, 3, blocks)] if heading and blocks else blocks
        if found:
            yield first.heading(HEADINGS[name], 2, found)


def asked(reading: Reading) -> tuple[str, ...]:
    """The sections that the problem asks for; without numbers, those that need none."""
    sections = reading.trace.problem.presentation.sections
    return tuple(each for each in sections if each in NUMBERLESS) if reading.in_letters else sections


def part(name: str, which: str, reading: Reading) -> Iterator[Block]:
    """A part of a section: its "meaning", or the "blocks" of a step."""
    found: Iterator[Block] = getattr(import_module(f"{__name__}.{HEADINGS[name]}"), which)(reading)
    return found
