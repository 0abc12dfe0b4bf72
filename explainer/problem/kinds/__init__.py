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

KINDS = (
    USUAL,
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
