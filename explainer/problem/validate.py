"""Checking a table: against the schema first, then whether its sizes fit together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError

from explainer.maths.functions import ACTIVATIONS
from explainer.problem.faults import Fault, suggestion
from explainer.problem.schema import LARGEST, Schema, problem_schema

SMALLEST = -12
"""No number but 0 is smaller than 10⁻¹²."""

MOST_DIGITS = 20

TYPES = {
    "object": "a table",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
}

Path = Sequence[str | int]


def schema_faults(data: Mapping[str, Any]) -> list[Fault]:
    """Every place where the table is not what the schema says."""
    schema = problem_schema()
    errors = Draft202012Validator(schema).iter_errors(data)
    faults = [fault for error in errors for fault in explained(error, data, schema)]
    return faults + list(number_faults(data, ()))


def explained(error: ValidationError, data: Mapping[str, Any], schema: Schema) -> Iterator[Fault]:
    """The faults that one error of the validator stands for."""
    kind = error.kind.name
    found = at(data, error.instance_path)
    rule = at(schema, error.schema_path[:-1])
    place = dotted(error.instance_path)
    if kind == "additionalProperties":
        for key in found:
            if key not in rule["properties"]:
                yield Fault(dotted([*error.instance_path, key]), f"unknown key{suggestion(key, list(rule['properties']))}")
    elif kind == "required":
        missing = error.kind.property
        yield Fault(dotted([*error.instance_path, missing]), f"missing; expected {wanted(rule['properties'][missing])}")
    elif kind == "enum":
        known = [str(name) for name in rule["enum"]]
        hint = suggestion(found, known) if isinstance(found, str) else f" (expected one of: {', '.join(known)})"
        yield Fault(place, f"unknown {place.rpartition('.')[2]} {shown(found)}{hint}")
    elif kind in LIMITS:
        yield Fault(place, LIMITS[kind](found, rule))
    else:
        raise ValueError(f"an error of a kind that has no words yet: {kind}")


LIMITS: Mapping[str, Callable[[Any, Schema], str]] = {
    "type": lambda found, rule: f"found {shown(found)}, expected {wanted(rule)}",
    "minimum": lambda found, rule: f"found {shown(found)}, expected at least {rule['minimum']}",
    "maximum": lambda found, rule: f"found {shown(found)}, expected at most {rule['maximum']}",
    "exclusiveMinimum": lambda found, rule: f"found {shown(found)}, expected more than {rule['exclusiveMinimum']}",
    "exclusiveMaximum": lambda found, rule: f"found {shown(found)}, expected less than {rule['exclusiveMaximum']}",
    "minItems": lambda found, rule: f"found {counted(len(found), 'item')}, expected at least {rule['minItems']}",
    "maxItems": lambda found, rule: f"found {counted(len(found), 'item')}, expected at most {rule['maxItems']}",
    "maxLength": lambda found, rule: f"found {len(found)} characters, expected at most {rule['maxLength']}",
}


def wanted(rule: Schema) -> str:
    """What a rule asks for, in words."""
    kinds = rule.get("type", [])
    names = [TYPES[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    return " or ".join(names) or "one of: " + ", ".join(map(str, rule.get("enum", [])))


def number_faults(value: Any, path: tuple[str | int, ...]) -> Iterator[Fault]:
    """Numbers with more digits than any page could print, or too small to work with."""
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value) > LARGEST:
            return  # the schema has said so
        if len(value.as_tuple().digits) > MOST_DIGITS:
            yield Fault(dotted(path), f"found {shown(value)}, expected at most {MOST_DIGITS} digits")
        elif value and value.adjusted() < SMALLEST:
            yield Fault(dotted(path), f"found {shown(value)}, expected 0 or a number of at least 1e{SMALLEST}")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from number_faults(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            if not isinstance(inner, int):
                yield from number_faults(inner, (*path, place))


def size_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Every place where the sizes, or the fields, of a table of the right form do not fit together."""
    network = data["network"]
    units, before = network["inputs"], f"the network has {counted(network['inputs'], 'input')}"
    for index, layer in enumerate(network["layers"]):
        place = f"network.layers[{index}]"
        yield from layer_faults(layer, place, units, before)
        units, before = len(layer["weights"]), f"layer {index} has {counted(len(layer['weights']), 'unit')}"
    for index, sample in enumerate(data["samples"]):
        yield from count_faults(f"samples[{index}].inputs", sample["inputs"], network["inputs"], "input", "the network")
        yield from count_faults(f"samples[{index}].targets", sample["targets"], units, "target", "the last layer", "unit")
    if {"decimals", "significant"} <= data.get("numbers", {}).keys():
        yield Fault("numbers", "found decimals and significant, expected one of them")


def layer_faults(layer: Mapping[str, Any], place: str, units: int, before: str) -> Iterator[Fault]:
    """Faults within one layer, given how many units send to it."""
    widths = [len(row) for row in layer["weights"]]
    if len(set(widths)) > 1:
        odd = next(row for row, width in enumerate(widths) if width != widths[0])
        yield Fault(
            f"{place}.weights",
            f"row {odd} has {counted(widths[odd], 'column')}, but row 0 has {widths[0]}; expected {units} in each",
        )
    elif widths[0] != units:
        yield Fault(f"{place}.weights", f"{counted(widths[0], 'column')}, but {before}")
    if "biases" in layer:
        yield from count_faults(f"{place}.biases", layer["biases"], len(widths), "bias", "the layer", "unit")
    activation = layer.get("activation")
    if isinstance(activation, Mapping):
        known = ACTIVATIONS[activation["name"]].defaults
        for key in activation:
            if key != "name" and key not in known:
                yield Fault(f"{place}.activation.{key}", f"{activation['name']} has no parameter of this name")


def count_faults(
    place: str, values: Sequence[Any], wanted: int, noun: str, owner: str, owned: str = ""
) -> Iterator[Fault]:
    """A fault if there are not as many values as wanted."""
    if len(values) != wanted:
        yield Fault(place, f"{counted(len(values), noun)}, but {owner} has {counted(wanted, owned or noun)}")


def counted(number: int, noun: str) -> str:
    """"1 unit", "2 units", "2 biases"."""
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number} {noun}{ending}"


def shown(value: Any) -> str:
    """A found value, short enough for a line."""
    if isinstance(value, Decimal):
        return f"{value}".lower()[:40]
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping | list):
        return "a table" if isinstance(value, Mapping) else "a list"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**20 else "a number of more than 20 digits"
    text = str(value)
    return f'"{text[:40]}{"…" if len(text) > 40 else ""}"'


def at(value: Any, path: Path) -> Any:
    """What is at a path of keys and places."""
    for step in path:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def dotted(path: Path) -> str:
    """A path as it is written: network.layers[1].weights."""
    written = ""
    for step in path:
        if isinstance(step, int):
            written += f"[{step}]"
        else:
            name = step if step.replace("_", "").isalnum() else f'"{step}"'
            written += f".{name}" if written else name
    return written
