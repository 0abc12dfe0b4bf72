"""The page of one step of gradient descent: forward, backward, update, check, as on the board."""

from explainer.explain.given import given_section
from explainer.explain.kinds import Kind
from explainer.explain.notation import notation_section
from explainer.explain.outcome import check_section, table_section
from explainer.explain.passes import backward_section, error_section, forward_section, update_section
from explainer.explain.reading import Reading
from explainer.explain.remarks import remarks_section


def title(reading: Reading) -> str:
    """What is worked out, and on which network."""
    sizes = "-".join(map(str, reading.trace.problem.network.sizes))
    return reading.prose.text("headings.page").format(sizes=sizes)


KIND = Kind(
    title,
    (
        notation_section,
        given_section,
        forward_section,
        error_section,
        backward_section,
        update_section,
        check_section,
        table_section,
        remarks_section,
    ),
)
