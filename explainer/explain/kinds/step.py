"""The page of one step of gradient descent: forward, backward, update, check, as on the board."""

from collections.abc import Iterator

from explainer.explain import matrices
from explainer.explain.document import Block
from explainer.explain.given import given_section
from explainer.explain.insight import insight_sections
from explainer.explain.kinds import Kind
from explainer.explain.notation import notation_section
from explainer.explain.outcome import check_section, table_section
from explainer.explain.passes import backward_section, error_section, forward_section
from explainer.explain.reading import Reading
from explainer.explain.remarks import remarks_section
from explainer.explain.updates import update_section


def title(reading: Reading) -> str:
    """What is worked out, and on which network."""
    sizes = "-".join(map(str, reading.trace.problem.network.sizes))
    key = "page_vowel" if sizes.startswith(VOWELS) else "page"
    return reading.prose.text(f"headings.{key}").format(sizes=sizes)


VOWELS = ("8", "11-", "18-")
"""How numbers begin that are spoken with a vowel first: eight, eleven, eighteen, eighty."""


BY_UNIT = (
    notation_section,
    given_section,
    forward_section,
    error_section,
    backward_section,
    update_section,
    check_section,
)
"""The notation, what is given, the passes and the check, unit by unit."""


def worked(reading: Reading) -> Iterator[Block]:
    """The notation, what is given, the passes and the check in the convention's form; of a slice by unit."""
    for section in matrices.SECTIONS if in_matrices(reading) else BY_UNIT:
        yield from section(reading)


def in_matrices(reading: Reading) -> bool:
    """Whether the convention asks for matrices and each is moved by one: no weight is missing, none moved is shared.

    A slice shows single units, and closed forms are too long for the entries of a matrix.
    """
    trace = reading.trace
    if trace.names.convention.form != "matrix" or trace.wanted or trace.in_fractions:
        return False
    connections = trace.connections
    shared = any(connections.is_shared(each) and connections.is_trained(each) for each in connections.named)
    missing = any(layer.mask for layer in connections.network.layers)
    return not shared and not missing and "weight" in connections.changed


KIND = Kind(title, (worked, table_section, remarks_section, insight_sections))
