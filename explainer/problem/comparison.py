"""Several ways to go about the same problem: what each of them does otherwise."""

from collections.abc import Iterator, Mapping
from typing import Any

from explainer.problem.faults import Fault
from explainer.problem.schema import LETTERS, Schema, array
from explainer.problem.settings import steps
from explainer.problem.sizes import part, tables

MOST = 8
"""So many ways can be told apart on a page."""

OWN = ("network", "functions", "samples", "validation", "training", "numbers", "published", "errata")
"""What a way may have of its own: all but how the page looks."""

Setting = tuple[str, Any]
"""A field and its value, as --set takes them."""


def compare_schema() -> Schema:
    """The list of the ways: each has a name, and any fields of the problem."""
    name = {"type": "string", "minLength": 1, "maxLength": 40, "description": "What the page calls it."}
    way = {
        "type": "object",
        "description": "A way to go about the problem: its name, and the fields that it has otherwise.",
        "properties": {"name": name},
        "required": ["name"],
    }
    return array("Ways to be set side by side.", way, minItems=2, maxItems=MOST)


def settings(way: Mapping[str, Any]) -> list[Setting]:
    """The fields that a way has otherwise: each as it is named, those in a table one by one."""
    found: list[Setting] = []
    for key, value in way.items():
        if key in OWN and isinstance(value, Mapping):
            found += [(f"{key}.{quoted(name)}", inner) for name, inner in value.items()]
        elif key != "name":
            found.append((key, value))
    return found


def quoted(name: str) -> str:
    """A part of a key, in quotation marks where it is not a plain word."""
    return name if name.replace("_", "").isalnum() else f'"{name}"'


def compare_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Names that are the same, fields that no way can have of its own, and what cannot be compared."""
    ways = list(tables(data, "compare"))
    if ways and part(data, "numbers").get("arithmetic") == LETTERS:
        yield Fault("compare", "found in letters, where nothing comes out to be compared; expected numbers")
    for table in ("published", "errata"):
        if ways and data.get(table):
            yield Fault(table, "found beside [[compare]]; expected it within the way that it belongs to")
    names = [way.get("name") for way in ways]
    for place, way in enumerate(ways):
        if isinstance(way.get("name"), str) and names.index(way["name"]) < place:
            yield Fault(f"compare[{place}].name", f'"{way.get("name")}" is the name of another; expected its own')
        yield from field_faults(way, f"compare[{place}]")


def field_faults(way: Mapping[str, Any], place: str) -> Iterator[Fault]:
    """A fault for each field that a way cannot have of its own."""
    for key, _ in settings(way):
        try:
            first = steps(key)[0]
        except LookupError as error:
            yield Fault(f'{place}."{key}"', str(error.args[0]))
            continue
        if first not in OWN:
            yield Fault(f"{place}.{key}", f"cannot be compared; expected a field of {', '.join(OWN[:-1])} or {OWN[-1]}")
