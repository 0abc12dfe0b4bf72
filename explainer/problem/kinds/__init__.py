"""The kinds of problems there are. A file states its kind at the top; it says which tables the file has.

Every kind has a module of its name here, and one beside the equations and one beside the pages.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

from msgspec import Struct

from explainer.problem.faults import Fault
from explainer.problem.model import Task

USUAL = "step"

TRAINING = "training"

KINDS = (
    USUAL,
    TRAINING,
    "derivation",
    "error",
    "neuron",
    "function",
    "output-delta",
    "hidden-delta",
    "update",
    "rates",
    "epoch",
)
"""The names of the kinds, as `kind = "…"` takes them."""

UNSTATED = (USUAL, TRAINING)
"""The kinds that a file need not state: which of them it is, its tables tell."""

OF_TRAINING = ("batch", "order", "seed", "reduction", "epochs", "stop", "regularization", "clipping", "decay")
"""The fields of [training] that say how often, on which samples and how steered; a single step has none of them."""

LAYERS_OF_TRAINING = ("dropout", "normalization")
"""The fields of a layer that only a training has."""


class Kind(Struct, frozen=True):
    """A kind of problem: the tables of its own that a file has, and the data that they stand for.

    - `description`: a sentence that an editor shows
    - `fields`: the schema of each of the tables; `required` are those that may not be missing
    - `task`: the data of a table without faults
    - `faults`: where sizes, or fields that depend on each other, do not fit together
    - `conditions`: what the schema asks for that depends on several tables
    """

    description: str
    fields: Callable[[], dict[str, Any]]
    required: tuple[str, ...]
    task: Callable[[Mapping[str, Any]], Task]
    faults: Callable[[Mapping[str, Any]], Iterable[Fault]] = lambda data: ()
    conditions: Mapping[str, Any] = {}


def kind_of_problem(name: str) -> Kind:
    """The kind of this name, one of `KINDS`. Only what is asked for is imported, so that every page starts fast."""
    kind: Kind = import_module(f"{__name__}.{module(name)}").KIND
    return kind


def module(name: str) -> str:
    """The module of a kind: output_delta for "output-delta"."""
    return name.replace("-", "_")


def unstated(data: Mapping[str, Any]) -> str:
    """The kind of a file that states none: training where there are several samples or steps, else a single step."""
    samples, training, presentation = (data.get(key) for key in ("samples", "training", "presentation"))
    several = isinstance(samples, list) and len(samples) > 1
    scheduled = isinstance(training, Mapping) and not training.keys().isdisjoint(OF_TRAINING)
    shown = isinstance(presentation, Mapping) and "steps" in presentation
    optimized = isinstance(training, Mapping) and training.get("optimizer", "sgd") != "sgd"
    layered = of_training(data.get("network"))
    further = layered or not data.keys().isdisjoint(("validation", "compare"))
    return TRAINING if several or scheduled or optimized or shown or further else USUAL


def of_training(network: Any) -> bool:
    """Whether a layer of a network has what only a training has."""
    layers = network.get("layers") if isinstance(network, Mapping) else None
    tables = [each for each in layers if isinstance(each, Mapping)] if isinstance(layers, list) else []
    return any(not layer.keys().isdisjoint(LAYERS_OF_TRAINING) for layer in tables)
