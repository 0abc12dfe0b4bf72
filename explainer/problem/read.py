"""Reading a problem: text → table → checked against the schema → sizes checked → Problem."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from explainer.maths.activations import ACTIVATIONS
from explainer.maths.own_function import OwnFunction
from explainer.problem.comparison import settings
from explainer.problem.convention import Convention, convention
from explainer.problem.dropout import dropout
from explainer.problem.faults import Fault, ProblemError
from explainer.problem.kinds import KINDS, TRAINING, USUAL, kind_of_problem, unstated
from explainer.problem.model import (
    UNKNOWN,
    Drawn,
    Erratum,
    Function,
    Layer,
    Network,
    Presentation,
    Problem,
    Task,
    Way,
)
from explainer.problem.normalization import normalization
from explainer.problem.own_functions import own_of
from explainer.problem.parameters import named_parameters, named_values
from explainer.problem.rounding import numbers
from explainer.problem.settings import Settings, applied
from explainer.problem.sizes import part, shared_faults
from explainer.problem.toml import toml, toml_file
from explainer.problem.validate import kind_faults, unknown

Table = Mapping[str, Any]

NONE: Mapping[str, Decimal] = {}


def load(path: str | Path, settings: Settings = ()) -> Problem:
    """The problem in a file.

    Args:
        path: a TOML file.
        settings: (key, value) pairs put in before checking, such as ("training.learning_rate", 0.5).

    Raises:
        ProblemError: the file cannot be read, or holds no valid problem; every fault is named.
    """
    try:
        return checked(toml_file(Path(path)), settings, str(path))
    except ProblemError as error:
        raise ProblemError(error.faults, str(path)) from None


def loads(text: str, settings: Settings = ()) -> Problem:
    """The problem in a TOML text; see `load`."""
    return checked(toml(text), settings, "")


def revised(problem: Problem, settings: Settings) -> Problem:
    """The same problem with some of its fields set anew, checked again; see `load`."""
    if not settings:
        return problem
    try:
        return checked(problem.data, settings, problem.file, problem.written_in)
    except ProblemError as error:
        raise ProblemError(error.faults, problem.file) from None


def checked(data: Table, settings: Settings, file: str, written: Convention | None = None) -> Problem:
    """The problem of a table with settings put in, if all of it is valid; `written` in a convention, or in its own."""
    table, faults = applied(data, settings)
    name = table["kind"] if "kind" in table else unstated(table)
    if name not in KINDS:
        raise ProblemError([*faults, Fault("kind", unknown("kind", name, list(KINDS)))])
    kind = kind_of_problem(name)
    faults = [*faults, *kind_faults(table, name), *kind.faults(table), *shared_faults(table)]
    if faults:
        raise ProblemError([*unstated_kind(table), *faults, *convention_faults(table, file)])
    shown = chosen(table, file)
    written = written or (shown if table is data else written_in(data, file))
    problem = built(table, name, kind.task(table), file, shown, written)
    return replace(problem, ways=tuple(ways(table, file, written))) if "compare" in table else problem


def ways(data: Table, file: str, written: Convention) -> list[Way]:
    """Each way to go about a valid problem, checked with the fields that it has otherwise."""
    common = {key: value for key, value in data.items() if key != "compare"}
    found, faults = [], list[Fault]()
    for place, way in enumerate(data["compare"]):
        try:
            own = tuple(settings(way))
            found.append(Way(way["name"], own, checked({**common, "kind": TRAINING}, own, file, written)))
        except ProblemError as error:
            faults += [Fault(f"compare[{place}].{each.place}", each.message, each.excerpt) for each in error.faults]
    if faults:
        raise ProblemError(faults)
    return found


def written_in(data: Table, file: str) -> Convention:
    """The convention of a table before settings are put in; that which holds unsaid, where it names none."""
    try:
        return chosen(data, file)
    except ProblemError:
        return convention("lecture")


def chosen(data: Table, file: str) -> Convention:
    """The convention that a valid table names: one that ships, or a file of your own."""
    name = str(data.get("presentation", {}).get("convention", "lecture"))
    if not name.endswith(".toml"):
        return convention(name)
    from explainer.problem.own_convention import own_convention

    return own_convention(name, file)


def convention_faults(data: Table, file: str) -> Sequence[Fault]:
    """What is wrong with the convention's file that a table names, told beside the faults of the table."""
    name = part(data, "presentation").get("convention")
    if not isinstance(name, str) or not name.endswith(".toml"):
        return ()
    try:
        chosen(data, file)
    except ProblemError as error:
        return error.faults
    return ()


def unstated_kind(data: Table) -> Iterator[Fault]:
    """The kind that a file may have meant that states none, where its tables are those of another than the usual."""
    usual = kind_of_problem(USUAL).fields().keys()
    required = {name: {*kind_of_problem(name).required} for name in KINDS}
    meant = [name for name, keys in required.items() if keys <= data.keys() and keys.isdisjoint(usual)]
    if "kind" not in data and meant:
        names = '" or "'.join(meant)
        yield Fault("kind", f'missing; without it a file is a "{USUAL}" (did you mean "{names}"?)')


def built(data: Table, kind: str, task: Task, file: str, convention: Convention, written: Convention) -> Problem:
    """The problem of a valid table."""
    presentation = data.get("presentation", {})
    return Problem(
        title=data.get("title", ""),
        source=data.get("source", ""),
        kind=kind,
        task=task,
        numbers=numbers(data.get("numbers", {}), task),
        presentation=Presentation(
            convention=presentation.get("convention", "lecture"),
            detail=presentation.get("detail", "full"),
            language=presentation.get("language", "en"),
            rounding_sign=presentation.get("rounding_sign", "≈"),
            longest_sum=presentation.get("longest_sum", 10),
            derivation=presentation.get("derivation", False),
            output_delta=presentation.get("output_delta", "short"),
            steps=tuple(presentation.get("steps", (1, "last"))),
            parameters=tuple(presentation.get("parameters", ())),
            sections=tuple(presentation.get("sections", ())),
        ),
        published={name: figures(value) for name, value in data.get("published", {}).items()},
        convention=convention,
        errata={name: erratum(entry) for name, entry in data.get("errata", {}).items()},
        file=file,
        data=data,
        written_in=written,
    )


def number(value: int | Decimal) -> Decimal:
    """A TOML number as the decimal it is written as."""
    return value if isinstance(value, Decimal) else Decimal(value)


def row(entries: Sequence[int | Decimal | str], values: Mapping[str, Decimal] = NONE) -> tuple[Decimal, ...]:
    """A list of TOML numbers as decimals; a name among them stands for its value."""
    return tuple(values[entry] if isinstance(entry, str) else number(entry) for entry in entries)


def figures(value: int | Decimal | Sequence[int | Decimal]) -> tuple[Decimal, ...]:
    """What a source prints of a quantity: its value, or figures of its working and its value."""
    return (number(value),) if isinstance(value, int | Decimal) else row(value)


def unknowns(count: int) -> tuple[Decimal, ...]:
    """So many numbers that are not given."""
    return (UNKNOWN,) * count


def network(data: Table, functions: Mapping[str, OwnFunction], ways: Sequence[Drawn | None]) -> Network:
    """The network, each layer after the one that sends to it; `functions` are those that the problem defines.

    The `ways` say how the weights of each layer were drawn, where they were.
    """
    inputs, values = data["inputs"], named_values(data)
    names = () if isinstance(inputs, int) else tuple(inputs)
    layers: list[Layer] = []
    for index, each in enumerate(data["layers"]):
        own = own_of(functions, each.get("activation"), f"network.layers[{index}].activation")
        found = layer(each, layers[-1].units if layers else len(names) or inputs, values, own)
        layers.append(replace(found, drawn=ways[index]))
    return Network(
        inputs=len(names) or inputs,
        layers=tuple(layers),
        parameters=tuple(named_parameters(data)),
        input_names=names,
        output_names=tuple(data.get("outputs", ())),
    )


def layer(data: Table, senders: int, values: Mapping[str, Decimal], own: OwnFunction | None) -> Layer:
    """One layer after one of so many units; where only letters are asked for, its numbers may be missing."""
    named = Function(own.sign, {}) if own else function(data.get("activation", "sigmoid"))
    rows = [row(each, values) for each in data["weights"]] if "weights" in data else [unknowns(senders)] * data["units"]
    return Layer(
        activation=named.activation,
        parameters=named.parameters,
        weights=tuple(rows),
        biases=biases(data, len(rows), values),
        mask=connected(data.get("mask")),
        trained=data.get("trained", "all"),
        own=own,
        dropout=dropout(data["dropout"]) if "dropout" in data else None,
        normalization=normalization(data["normalization"], len(rows)) if "normalization" in data else None,
    )


def biases(data: Table, units: int, values: Mapping[str, Decimal]) -> tuple[Decimal, ...] | None:
    """The biases of so many units: given, or as thresholds with the other sign, only said to be there, or none."""
    if "thresholds" in data:
        return tuple(-number for number in row(data["thresholds"]))
    match data.get("biases", False):
        case bool(there):
            return unknowns(units) if there else None
        case given:
            return row(given, values)


def connected(mask: Sequence[Sequence[int]] | None) -> tuple[tuple[bool, ...], ...] | None:
    """Where there is a connection; None where all are."""
    if mask is None or all(map(all, mask)):
        return None
    return tuple(tuple(map(bool, entries)) for entries in mask)


def function(named: str | Table) -> Function:
    """An activation function, given by its name or by a table of its name and parameters."""
    given: Table = {"name": named} if isinstance(named, str) else named
    family = ACTIVATIONS.get(given["name"])  # softmax is of a whole layer, and has no parameters
    defaults = family.defaults if family else {}
    return Function(given["name"], {name: number(given.get(name, usual)) for name, usual in defaults.items()})


def erratum(data: Table) -> Erratum:
    """One erratum."""
    printed, right = (value if isinstance(value, str) else number(value) for value in (data["printed"], data["right"]))
    return Erratum(printed, right, data["reason"])
