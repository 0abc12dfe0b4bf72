"""Activations and losses as a problem file gives them: a name, or a table of the name and its parameters."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from explainer.maths.parameters import Chosen, Family, Parameter
from explainer.problem.faults import Fault, suggestion

Schema = dict[str, Any]
Families = Mapping[str, Family]


def family_schema(description: str, families: Families, default: str) -> Schema:
    """The JSON Schema of a name, or of a table with a name and parameters."""
    names = {"enum": list(families)}
    return {
        "description": description,
        "default": default,
        "if": {"type": "object"},
        "then": {
            "type": "object",
            "description": "The name, with parameters.",
            "properties": {
                "name": {"description": description, **names},
                **all_parameters(families),
            },
            "required": ["name"],
            "additionalProperties": False,
        },
        "else": names,
    }


def all_parameters(families: Families) -> dict[str, Schema]:
    """The JSON Schema of each parameter of any of the functions."""
    found: dict[str, list[Parameter]] = {}
    for family in families.values():
        for name, parameter in family.parameters.items():
            found.setdefault(name, []).append(parameter)
    return {name: parameter_schema(*parameters) for name, parameters in found.items()}


def parameter_schema(parameter: Parameter, *others: Parameter) -> Schema:
    """The JSON Schema of one parameter, which other functions may have too, with another usual value."""
    if parameter.choices:
        usual = {} if any(each.default != parameter.default for each in others) else {"default": parameter.default}
        return {"description": parameter.description, "enum": list(parameter.choices), **usual}
    limits = {
        "minimum": parameter.least,
        "exclusiveMinimum": parameter.above,
        "exclusiveMaximum": parameter.below,
        "maximum": parameter.most,
    }
    given = {limit: value for limit, value in limits.items() if value is not None}
    kind = "integer" if parameter.whole else "number"
    return {"type": kind, "description": parameter.description, **given}


def parameter_faults(given: Any, place: str, families: Families) -> Iterator[Fault]:
    """A fault for every parameter that belongs to another function than the one named."""
    table: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    name = table.get("name")
    if isinstance(name, str) and name in families:
        own = families[name].parameters
        known = {each for family in families.values() for each in family.parameters}
        for key in sorted((table.keys() & known) - own.keys()):
            yield Fault(f"{place}.{key}", f"{name} has no parameter of this name{suggestion(key, list(own))}")


def named(given: str | Mapping[str, Any], families: Families) -> tuple[str, dict[str, Chosen]]:
    """The name that is given, and every parameter: as given, or as usual."""
    table: Mapping[str, Any] = {"name": given} if isinstance(given, str) else given
    name = table["name"]
    usual = families[name].defaults
    return name, {key: chosen(table.get(key, default)) for key, default in usual.items()}


def chosen(value: int | Decimal | str) -> Chosen:
    """A parameter's value: a word, or a number as the decimal it is written as."""
    return value if isinstance(value, Decimal | str) else Decimal(value)
