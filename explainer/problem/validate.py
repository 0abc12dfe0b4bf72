"""Checking a table against the schema, and saying in words what is wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError

from explainer.problem.faults import Fault, counted, suggestion
from explainer.problem.schema import LARGEST, Schema, kind_schema, shared_fields

SMALLEST = -12
"""No number but 0 is smaller than 10⁻¹²."""

MOST_DIGITS = 20

LONGEST = 40
"""So many letters of what was found are shown."""

TYPES = {
    "object": "a table",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
}

INSIDE = {"object": "tables", "array": "lists of numbers", "number": "numbers", "integer": "numbers", "string": "names"}
"""What lists are made of."""

Path = Sequence[str | int]


def kind_faults(data: Mapping[str, Any], kind: str) -> list[Fault]:
    """Every place where the table of a problem is not what the schema of its kind says."""
    return schema_faults(data, *rules(kind))


def schema_faults(data: Mapping[str, Any], schema: Schema, validator: Draft202012Validator) -> list[Fault]:
    """Every place where the table is not what the schema says; an empty key, before all else: it has no place."""
    if nameless := list(nameless_faults(data, ())):
        return nameless
    faults = [fault for error in schema_errors(data, validator) for fault in explained(error, data, schema)]
    return [*faults, *number_faults(data, ()), *whole_number_faults(data, [schema], ())]


@cache
def rules(kind: str) -> tuple[Schema, Draft202012Validator]:
    """The schema of a kind and its validator, made once."""
    schema = kind_schema(kind, shared_fields())
    return schema, Draft202012Validator(schema)


def schema_errors(data: Mapping[str, Any], validator: Draft202012Validator) -> list[ValidationError]:
    """What the validator finds; it reads JSON only, so dates and the like are nothing to it."""
    try:
        return list(validator.iter_errors(data))
    except ValueError:
        return list(validator.iter_errors(as_json(data)))


def as_json(value: Any) -> Any:
    """The value with nothing in place of all that JSON does not have."""
    match value:
        case Mapping():
            return {key: as_json(inner) for key, inner in value.items()}
        case list():
            return [as_json(inner) for inner in value]
        case str():
            return value if value.isascii() or is_unicode(value) else None
        case bool() | int() | Decimal():
            return value
    return None


def is_unicode(text: str) -> bool:
    """Whether a text is all characters, none of them half a pair."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def explained(error: ValidationError, data: Mapping[str, Any], schema: Schema) -> Iterator[Fault]:
    """The faults that one error of the validator stands for; numbers that are missing are another's to find."""
    if "else" in error.schema_path[:1]:
        return
    detail: Any = error.kind
    kind = detail.name
    found = at(data, error.instance_path)
    rule = at(schema, error.schema_path[:-1])
    place = dotted(error.instance_path)
    if kind == "additionalProperties":
        known = list(rule["properties"])
        for key in found:
            if key not in known:
                yield Fault(dotted([*error.instance_path, key]), f"unknown key{suggestion(key, known)}")
    elif kind == "required":
        missing = detail.property
        yield Fault(dotted([*error.instance_path, missing]), f"missing; expected {wanted(rule['properties'][missing])}")
    elif kind in ("type", "enum") and error.instance_path[:2] == ["numbers", "places"] and len(error.instance_path) > 2:
        yield Fault(place, f"found {shown(found)}, expected {A_ROUNDING}")
    elif kind == "enum":
        yield Fault(place, unknown(kind_of(error.instance_path), found, [str(name) for name in rule["enum"]]))
    elif kind in LIMITS:
        yield Fault(place, LIMITS[kind](found, rule))
    else:
        raise ValueError(f"an error of a kind that has no words yet: {kind}")


A_ROUNDING = 'a number of decimals, "all" or { significant = N }'


def kind_of(path: Path) -> str:
    """What a name stands for, by its place: the loss of training.loss, the activation of activation.name."""
    *_, before, last = ("", *(step for step in path if isinstance(step, str)))
    return str(before if last == "name" else last).replace("_", " ")


def unknown(kind: str, found: Any, known: list[str]) -> str:
    """What is said of a name that is none of those known."""
    if isinstance(found, str):
        return f"unknown {kind} {shown(found)}{suggestion(found, known)}"
    return f"found {shown(found)}, expected one of: {', '.join(known)}"


def wrong_type(found: Any, rule: Schema) -> str:
    """What is said of a value of another kind than the rule asks for."""
    if isinstance(found, Decimal) and not found.is_finite():
        return f"found {shown(found)}, expected a finite number"
    if isinstance(found, int) and abs(found) > LARGEST and {"number", "integer"} & {*kinds(rule)}:
        return f"found {shown(found)}, expected one within ±{LARGEST}"
    if isinstance(found, Mapping) and is_tables(rule):
        return "found a single table, expected a list of tables; each starts with its name in double brackets"
    return f"found {shown(found)}, expected {wanted(rule)}"


LIMITS: Mapping[str, Callable[[Any, Schema], str]] = {
    "type": wrong_type,
    "minimum": lambda found, rule: f"found {shown(found)}, expected at least {rule['minimum']}",
    "maximum": lambda found, rule: f"found {shown(found)}, expected at most {rule['maximum']}",
    "exclusiveMinimum": lambda found, rule: f"found {shown(found)}, expected more than {rule['exclusiveMinimum']}",
    "exclusiveMaximum": lambda found, rule: f"found {shown(found)}, expected less than {rule['exclusiveMaximum']}",
    "minItems": lambda found, rule: f"found {counted(len(found), 'item')}, expected at least {rule['minItems']}",
    "maxItems": lambda found, rule: f"found {counted(len(found), 'item')}, expected at most {rule['maxItems']}",
    "minLength": lambda found, rule: "found no text at all",
    "uniqueItems": lambda found, rule: f"found {cut(', '.join(map(str, found)))}, expected each of them once",
    "pattern": lambda found, rule: f"found {shown(found)}, expected a text such as {rule['examples'][0]}",
    "maxLength": lambda found, rule: f"found {len(found)} characters, expected at most {rule['maxLength']}",
}


def is_tables(rule: Schema) -> bool:
    """Whether a rule asks for a list of tables."""
    return rule.get("type") == "array" and rule["items"].get("type") == "object"


def kinds(rule: Schema) -> list[str]:
    """The types that a rule allows."""
    found = rule.get("type", [])
    return [found] if isinstance(found, str) else found


def wanted(rule: Schema) -> str:
    """What a rule asks for, in words."""
    while "else" in rule:  # as where a value is neither a table nor a list
        rule = rule["else"]
    if "title" in rule:
        return str(rule["title"])
    if kinds(rule) == ["array"]:
        return f"a list of {INSIDE[[*kinds(rule['items']), 'string'][0]]}"
    names = [TYPES[kind] for kind in kinds(rule)]
    return " or ".join(names) or "one of: " + ", ".join(map(str, rule.get("enum", [])))


def number_faults(value: Any, path: tuple[str | int, ...]) -> Iterator[Fault]:
    """Numbers with more digits than any page could print, or too small to work with."""
    if isinstance(value, Decimal):
        if not value.is_finite() or value.copy_abs() > LARGEST:
            return  # the schema has said so
        if len(value.as_tuple().digits) > MOST_DIGITS:
            yield Fault(dotted(path), f"found {shown(value)}, expected at most {MOST_DIGITS} digits")
        elif value and value.adjusted() < SMALLEST:
            size = f"{'-' if value < 0 else ''}1e{SMALLEST}"
            yield Fault(
                dotted(path), f"found {shown(value)}, expected 0 or at {'most' if value < 0 else 'least'} {size}"
            )
    elif isinstance(value, Mapping | list):
        for place, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
            if not usual(inner):
                yield from number_faults(inner, (*path, place))


def usual(value: Any) -> bool:
    """Whether a value is a number that is short and of common size, as nearly all are: nothing is wrong with it."""
    return type(value) is Decimal and len(str(value)) <= MOST_DIGITS and SMALLEST <= value.adjusted() < 12


def nameless_faults(value: Any, path: tuple[str | int, ...]) -> Iterator[Fault]:
    """Keys that are empty; the validator leaves them out of the places that it names."""
    match value:
        case Mapping():
            if "" in value:
                yield Fault(dotted(path), 'found the empty key "", expected a name')
            inside: Any = value.items()
        case list() if value and isinstance(value[0], Mapping | list):
            inside = enumerate(value)
        case _:
            return
    for key, inner in inside:
        yield from nameless_faults(inner, (*path, key))


def whole_number_faults(value: Any, rules: Sequence[Schema], path: tuple[str | int, ...]) -> Iterator[Fault]:
    """Numbers such as 3.0 where the schema asks for a whole number; JSON takes them for whole, TOML does not."""
    rules = [branch for rule in rules for branch in branches(rule)]
    if isinstance(value, Mapping):
        for key, inner in value.items():
            inside = [each["properties"][key] for each in rules if key in each.get("properties", ())]
            yield from whole_number_faults(inner, inside, (*path, key))
    elif isinstance(value, list):
        items = [each["items"] for each in rules if "items" in each]
        if any(map(asks_for_whole, items)):
            for index, inner in enumerate(value):
                yield from whole_number_faults(inner, items, (*path, index))
    elif isinstance(value, Decimal) and value.is_finite():
        types = {each.get("type") for each in rules}
        if "integer" in types and "number" not in types and value == value.to_integral_value():
            yield Fault(dotted(path), f"found {shown(value)}, expected a whole number, without a point")


def asks_for_whole(rule: Schema) -> bool:
    """Whether a rule asks for a whole number anywhere, as that of the weights of a large network does not."""
    rules = list(branches(rule))
    inside = [inner for each in rules for inner in (*each.get("properties", {}).values(), each.get("items")) if inner]
    return any(each.get("type") == "integer" for each in rules) or any(map(asks_for_whole, inside))


def branches(rule: Schema) -> Iterator[Schema]:
    """A rule, and those that it has for one kind of value and for the others."""
    yield rule
    for key in ("then", "else"):
        if key in rule:
            yield from branches(rule[key])


def shown(value: Any) -> str:
    """A found value, short enough for a line."""
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value) if abs(value) < 10**MOST_DIGITS else f"a number of more than {MOST_DIGITS} digits"
        case Decimal():
            return cut(f"{value}".lower().replace("infinity", "inf"))
        case Mapping():
            return "a table"
        case list():
            return "a list"
        case str():
            return f'"{cut(value)}"'
        case date() | time():
            return f"the {'date' if isinstance(value, date) else 'time'} {value}"
        case None:
            return "nothing"
    return f"a Python {type(value).__name__}"


def cut(text: str) -> str:
    """The beginning of a text that is too long for a line."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


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
