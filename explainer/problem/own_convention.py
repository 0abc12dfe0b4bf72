"""A convention of your own: the schema of its file, and reading it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

from jsonschema_rs import Draft202012Validator
from msgspec.structs import asdict

from explainer.maths.quantity import CORRECTED, ROLES, STATES
from explainer.problem.convention import Convention, Order, based, convention_names, made
from explainer.problem.faults import Fault, ProblemError
from explainer.problem.schema import Schema, choice, table, text
from explainer.problem.toml import toml_file
from explainer.problem.validate import schema_faults

MEANINGS = {
    "delta": "The sign of δ: −∂E/∂net (downhill) or ∂E/∂net (uphill).",
    "bias": "How the bias enters the net input.",
    "nodes": "How units are numbered.",
    "hidden_deltas": "Which unit of a hidden layer comes first on the way back.",
    "update": "How a new weight is written.",
    "output_error": "Whether the δ of an output has t − o written out, or its error by name.",
    "single_output": "Whether an output that is the only one has an index.",
    "form": "Whether the equations are those of single units, or of whole layers in matrices.",
}
"""What each field of a convention's meaning says."""

PATTERN = (
    r"^(∂loss/∂(net|parameter)"
    r"|[^\s\d_^{}∂]+(_[^\s_^{}]*(\{[ijlun]\}[^\s_^{}]*)*)?(\^[^\s_^{}]*(\{l\}[^\s_^{}]*)?)?)$"
)
"""A base of letters, with what stands below and above it; or a derivative by what the quantity belongs to."""

TELLING = {
    "input": ("{j}",),
    "weight": ("{n}", "{i}{j}", "{j}{i}", "{i},{j}", "{j},{i}"),
    **dict.fromkeys(("bias", "net", "output", "delta"), ("{j}", "{u}", "{n}", "∂")),
    **dict.fromkeys(("target", "error"), ("{j}", "{u}")),
}
"""Which indices tell the quantities of a role apart: one of these."""

DERIVED = (
    "change", "setting", "data_loss", "penalty", "data_gradient", "norm_square", "norm", "ahead", "by_scaled",
    "by_normalized", "by_variance", "by_mean", *CORRECTED,
)  # fmt: skip
"""The roles named after another, as a change is after what is changed; what is set has a sign of its own."""

PATTERNED = tuple(role for role in ROLES if role not in DERIVED)
"""The roles that have symbols."""

ORDERS: Mapping[str, tuple[str, ...]] = asdict(Order())
"""The factors of each law, in their usual order."""


def own_convention(name: str, problem: str) -> Convention:
    """The convention in a file of your own, which lies beside the problem's file, else in the current folder.

    Raises:
        ProblemError: there is no such file, or it holds no convention; every fault names the file.
    """
    places = [Path(problem).parent / name, Path(name)]
    path = next((place for place in places if place.is_file()), places[0])
    try:
        data = toml_file(path)
        schema = convention_schema()
        faults = schema_faults(data, schema, Draft202012Validator(schema)) or list(symbol_faults(based(data)))
        if faults:
            raise ProblemError(faults)
    except ProblemError as error:
        raise ProblemError(Fault("presentation.convention", f"{path}: {each}") for each in error.faults) from None
    return made(name, based(data))


def symbol_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """A fault for each symbol that would not tell one quantity from another."""
    by_layer = data["meaning"].get("nodes") == "by-layer"
    seen: dict[str, str] = {}
    for role, pattern in data["symbols"].items():
        needed = TELLING.get(role, ())
        if needed and not any(indices in pattern for indices in needed):
            usual = " or ".join(needed[:2])
            yield Fault(f"symbols.{role}", f'"{pattern}" is the same for every {role}; it needs {usual}')
        elif by_layer and role in ("weight", "bias", "net", "output", "delta") and not re.search("{[ln]}|∂", pattern):
            anew = "is the same in every layer, where units are numbered anew; it needs {l}"
            yield Fault(f"symbols.{role}", f'"{pattern}" {anew}')
        other = seen.setdefault(pattern, role)
        if other != role and {other, role} != {"input", "output"} and not {other, role} <= {*STATES}:
            yield Fault(f"symbols.{role}", f'"{pattern}" is the symbol of {other} already')
    needed_meaning = {"update": "by-gradient", "delta": "uphill"} if data["symbols"]["delta"].startswith("∂") else {}
    for field, meant in needed_meaning.items():
        if data["meaning"].get(field) != meant:
            yield Fault("symbols.delta", f'a derivative is a symbol only where meaning.{field} is "{meant}"')


def convention_schema() -> Schema:
    """The JSON Schema of a convention's file."""
    fields = get_type_hints(Convention)
    meaning = {name: {"description": words, "enum": list(get_args(fields[name]))} for name, words in MEANINGS.items()}
    symbols = {role: symbol(role) for role in PATTERNED}
    schema = table(
        "A convention: how a lecturer writes things.",
        [],
        title=text("What the convention is called."),
        source=text("Whose convention it is."),
        base=choice("The convention that holds wherever this file says nothing.", convention_names(), "lecture"),
        meaning=table("What the notation says.", [], **meaning),
        order=table("The order of the factors in each law.", [], **{law: order(law) for law in ORDERS}),
        symbols=table("The pattern of each role's symbol.", [], **symbols),
        output_symbols=table("The patterns that differ in the output layer.", [], **symbols),
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Explainer convention", **schema}


def symbol(role: str) -> Schema:
    """The schema of the pattern of a role's symbol."""
    words = "{i} the sending unit, {j} the receiving unit, {l} the layer, {u} the unit's name, {n} a running number"
    return text(f"The symbol of each {role}: {words}.", pattern=PATTERN, examples=['"w_{i}{j}" or "z_{j}^({l})"'])


def order(law: str) -> Schema:
    """The schema of the order of a law: its factors, each once."""
    factors = list(ORDERS[law])
    return {
        "type": "array",
        "description": f"The order of {', '.join(factors)}.",
        "items": {"enum": factors},
        "minItems": len(factors),
        "maxItems": len(factors),
        "uniqueItems": True,
    }
