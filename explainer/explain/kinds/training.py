"""The page of a training of a single step: the passes over all its samples, the update, and all of them again."""

from explainer.explain.insight import insight_sections
from explainer.explain.kinds import Kind
from explainer.explain.kinds.step import title, worked
from explainer.explain.normalization import inference_section
from explainer.explain.outcome import table_section
from explainer.explain.remarks import remarks_section

KIND = Kind(title, (worked, inference_section, table_section, remarks_section, insight_sections))
