"""Reading a problem: text → table → checked against the schema → sizes checked → Problem."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from explainer.maths.functions import ACTIVATIONS
from explainer.maths.numerals import Rounding
from explainer.problem.faults import Fault, ProblemError, fault
from explainer.problem.model import (
    Erratum,
    Layer,
    Network,
    Numbers,
    Presentation,
    Problem,
    Sample,
    Training,
)
from explainer.problem.settings import Settings, applied
from explainer.problem.validate import schema_faults, size_faults

Table = Mapping[str, Any]


def load(path: str | Path, settings: Settings = ()) -> Problem:
    """The problem in a file.

    Args:
        path: a TOML file.
        settings: (key, value) pairs put in before checking, such as ("training.learning_rate", 0.5).

    Raises:
        ProblemError: the file cannot be read, or holds no valid problem; every fault is named.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ProblemError([Fault("", f"cannot be read: {error.strerror}")], str(path)) from None
    except UnicodeDecodeError as error:
        raise ProblemError([Fault("", f"not UTF-8 text: byte {error.start} is {error.reason}")], str(path)) from None
    return loads(text, settings, file=str(path))


def loads(text: str, settings: Settings = (), *, file: str = "") -> Problem:
    """The problem in a TOML text; see `load`."""
    try:
        return checked(applied(parsed(text), settings), file)
    except ProblemError as error:
        raise ProblemError(error.faults, file) from None


def revised(problem: Problem, settings: Settings) -> Problem:
    """The same problem with some of its fields set anew, checked again; see `load`."""
    if not settings:
        return problem
    try:
        return checked(applied(problem.data, settings), problem.file)
    except ProblemError as error:
        raise ProblemError(error.faults, problem.file) from None


def parsed(text: str) -> Table:
    """The table of a TOML text, its numbers as decimals."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
    except RecursionError:
        message = "brackets nested too deeply"
    except ValueError as error:  # a whole number of thousands of digits
        message = str(error).split(":")[0]
    found = re.search(r"\(at (line \d+), column \d+\)|\(at end of document\)", message)
    place = found.group(1) or "end of file" if found else ""
    reason = re.sub(r" \(at .*\)$", "", message)
    raise fault(place, f"not TOML: {reason[0].lower()}{reason[1:]}")


def checked(data: Table, file: str) -> Problem:
    """The problem of a table, if the table is valid."""
    faults = schema_faults(data) or list(size_faults(data))
    if faults:
        raise ProblemError(faults)
    return built(data, file)


def built(data: Table, file: str) -> Problem:
    """The problem of a valid table."""
    network, training = data["network"], data["training"]
    presentation = data.get("presentation", {})
    return Problem(
        title=data.get("title", ""),
        source=data.get("source", ""),
        network=Network(network["inputs"], tuple(map(layer, network["layers"]))),
        samples=tuple(Sample(row(one["inputs"]), row(one["targets"])) for one in data["samples"]),
        training=Training(
            loss=training.get("loss", "half-squared-error"),
            optimizer=training.get("optimizer", "sgd"),
            learning_rate=number(training["learning_rate"]),
        ),
        numbers=numbers(data.get("numbers", {})),
        presentation=Presentation(
            convention=presentation.get("convention", "lecture"),
            detail=presentation.get("detail", "full"),
            language=presentation.get("language", "en"),
            rounding_sign=presentation.get("rounding_sign", "≈"),
            longest_sum=presentation.get("longest_sum", 10),
        ),
        published={name: number(value) for name, value in data.get("published", {}).items()},
        errata={name: erratum(entry) for name, entry in data.get("errata", {}).items()},
        file=file,
        data=data,
    )


def number(value: int | Decimal) -> Decimal:
    """A TOML number as the decimal it is written as."""
    return value if isinstance(value, Decimal) else Decimal(value)


def row(values: Sequence[int | Decimal]) -> tuple[Decimal, ...]:
    """A list of TOML numbers as decimals."""
    return tuple(map(number, values))


def layer(data: Table) -> Layer:
    """One layer."""
    activation = data.get("activation", "sigmoid")
    given = {"name": activation} if isinstance(activation, str) else activation
    defaults = ACTIVATIONS[given["name"]].defaults
    return Layer(
        activation=given["name"],
        parameters={name: number(given.get(name, usual)) for name, usual in defaults.items()},
        weights=tuple(map(row, data["weights"])),
        biases=row(data["biases"]) if "biases" in data else None,
    )


def numbers(data: Table) -> Numbers:
    """How numbers are worked out and rounded."""
    arithmetic = data.get("arithmetic", "decimal")
    if "significant" in data:
        rounding = Rounding("significant", data["significant"])
    else:
        rounding = Rounding("decimals", data.get("decimals", 4))
    return Numbers(
        arithmetic=arithmetic,
        rounding=rounding,
        exceptions={name: exception(value) for name, value in data.get("places", {}).items()},
        trailing_zeros=data.get("trailing_zeros", arithmetic == "float"),
    )


def exception(value: int | str | Table) -> Rounding:
    """The rounding that an entry of [numbers.places] asks for."""
    match value:
        case int():
            return Rounding("decimals", value)
        case "all":
            return Rounding("all")
        case {"significant": figures}:
            return Rounding("significant", figures)
    raise TypeError(f"no rounding: {value!r}")


def erratum(data: Table) -> Erratum:
    """One erratum."""
    printed, right = (
        value if isinstance(value, str) else number(value) for value in (data["printed"], data["right"])
    )
    return Erratum(printed, right, data["reason"])
