"""The page of each kind of problem: its title where the file has none, and its sections in order."""

from collections.abc import Callable, Iterator
from importlib import import_module

from msgspec import Struct

from explainer.explain.document import Block
from explainer.explain.reading import Reading
from explainer.problem.kinds import module


class Kind(Struct, frozen=True):
    """The page of a kind of problem: a `title` for a file without one, and the `sections` from top to bottom."""

    title: Callable[[Reading], str]
    sections: tuple[Callable[[Reading], Iterator[Block]], ...]


def kind_of_page(name: str) -> Kind:
    """The page of the kind of this name."""
    kind: Kind = import_module(f"{__name__}.{module(name)}").KIND
    return kind
