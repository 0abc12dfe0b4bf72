"""The page of a training of a single step: the passes over all its samples, the update, and all of them again."""

from explainer.explain.insight import insight_sections
from explainer.explain.kinds import Kind
from explainer.explain.kinds.step import title as title_of_step
from explainer.explain.kinds.step import worked
from explainer.explain.normalization import inference_section
from explainer.explain.outcome import table_section
from explainer.explain.reading import Reading
from explainer.explain.remarks import remarks_section
from explainer.problem.training import Trained


def title(reading: Reading) -> str:
    """What is trained; of a single step, what is worked out."""
    problem = reading.trace.problem
    if problem.of(Trained).is_single:
        return title_of_step(reading)
    return reading.prose.text("headings.training").format(sizes="-".join(map(str, problem.network.sizes)))


KIND = Kind(title, (worked, inference_section, table_section, remarks_section, insight_sections))
