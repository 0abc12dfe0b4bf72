"""Functions that a problem file defines: a formula as an activation, or a named one that layers and units use."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from explainer.maths.activations import ACTIVATIONS
from explainer.maths.differentiation import VARIABLE, letters
from explainer.maths.formula import Formula
from explainer.maths.grammar import NAMES, UnreadableError, parsed
from explainer.maths.own_function import OUTPUT, OwnFunction
from explainer.problem.faults import Fault, suggestion, visible
from explainer.problem.sizes import part, tables

Data = Mapping[str, Any]
Functions = Mapping[str, OwnFunction]
"""The functions that a problem defines, by name or place."""

NAME = re.compile(r"[^\W\d_][\w-]*")
"""What may be the name of a function; all else is a formula."""

SIGN = re.compile(r"[A-Za-z]{1,20}(_[0-9A-Za-z])?")
LETTER = re.compile(r"([A-Za-z]{1,20}|[αβγθκλμτω])(_[0-9A-Za-z])?")
FIELDS = {"formula", "parameters", "derivative", "sign"}
"""What is said of a function that a file defines."""

LONGEST = 500
"""So many characters a formula may have."""

WINDOW = 60
"""So many characters of a formula are shown on either side of a fault."""


class Entry(Struct, frozen=True):
    """A function as a file has it: its name if it has one, its table, and the places of the table and the formula."""

    name: str
    table: Data
    place: str
    formula_place: str

    @property
    def parameters(self) -> Data:
        """Its parameters, each with what is given for it."""
        return part(self.table, "parameters")


def functions(data: Data) -> dict[str, OwnFunction]:
    """Every function of a valid table: by its name, or by the place of the layer that it is for."""
    signs = signs_of(data)
    return {entry.name or entry.place: own_function(entry, signs[entry.place]) for entry in entries(data)}


def own_function(entry: Entry, sign: str) -> OwnFunction:
    """The function of a valid entry."""
    table, known = entry.table, (VARIABLE, *entry.parameters)
    return OwnFunction(
        sign,
        parsed(table["formula"], known),
        {name: Decimal(value) for name, value in entry.parameters.items()},
        parsed(table["derivative"], (*known, OUTPUT)) if "derivative" in table else None,
    )


def own_of(functions: Functions, given: Any, place: str) -> OwnFunction | None:
    """The function that is given at a place, by a formula or by a name; None where it is one of the registry."""
    return functions.get(place) or functions.get(name_of(given))


def entries(data: Data) -> Iterator[Entry]:
    """Every function that a table defines and that says its formula: the named ones, then those of single places."""
    for name, table in named(data).items():
        if is_formula(table):
            yield Entry(name, table, f"functions.{name}", f"functions.{name}.formula")
    for place, given in activations(data):
        if isinstance(given, str) and name_fault(given, data, place) is None and given not in names(data):
            yield Entry("", {"formula": given}, place, place)
        elif is_formula(given):
            yield Entry("", given, place, f"{place}.formula")


def is_formula(table: Any) -> bool:
    """Whether a table says a formula that is not beyond all length."""
    formula = table.get("formula") if isinstance(table, Mapping) else None
    return isinstance(formula, str) and len(formula) <= LONGEST


def activations(data: Data) -> Iterator[tuple[str, Any]]:
    """Every activation of a table, as it is given, with its place: of layers, units, a function or a derivation."""
    for place, table in owners(data):
        yield f"{place}.activation", table.get("activation", "sigmoid")
    yield from derived_activations(part(data, "derivation")) if "derivation" in data else ()


def owners(data: Data) -> Iterator[tuple[str, Data]]:
    """What may have an activation of its own, whatever the kind of problem, with its place."""
    unit = part(data, "unit")
    yield from ((key, part(data, key)) for key in ("unit", "function") if key in data)
    for place, found in (
        ("network.layers", tables(part(data, "network"), "layers")),
        ("unit.downstream", tables(unit, "downstream")),
    ):
        yield from ((f"{place}[{index}]", each) for index, each in enumerate(found))


def derived_activations(derivation: Data) -> Iterator[tuple[str, Any]]:
    """The activations that a derivation is to be made for, each with its place: of output and of hidden units."""
    yield "derivation.output_activation", derivation.get("output_activation", "sigmoid")
    hidden, place = derivation.get("hidden_activation"), "derivation.hidden_activation"
    if isinstance(hidden, list):
        yield from ((f"{place}[{index}]", each) for index, each in enumerate(hidden))
    elif hidden is not None:
        yield place, hidden


def names(data: Data) -> list[str]:
    """The names of all activations, those of the table included."""
    return [*ACTIVATIONS, *named(data)]


def named(data: Data) -> Data:
    """The tables of the functions that have a name."""
    return part(data, "functions")


def name_of(given: Any) -> str:
    """The name in what is given as an activation; nothing where there is none."""
    name = given.get("name") if isinstance(given, Mapping) else given
    return name if isinstance(name, str) else ""


def signs_of(data: Data) -> dict[str, str]:
    """The sign of each function by its place: as given, its name, or f; of several nameless ones f_1, f_2, …"""
    signs, nameless = {}, dict[str, list[str]]()
    for entry in entries(data):
        if entry.name or "sign" in entry.table:
            signs[entry.place] = str(entry.table.get("sign", entry.name))
        else:
            same = repr((entry.table["formula"], sorted(entry.parameters.items())))
            nameless.setdefault(same, []).append(entry.place)
    for number, places in enumerate(nameless.values(), 1):
        sign = f"f_{number}" if len(nameless) > 1 or "f" in signs.values() else "f"
        signs.update(dict.fromkeys(places, sign))
    return signs


# -- faults -----------------------------------------------------------------------------------------


def own_function_faults(data: Data) -> Iterator[Fault]:
    """Every function of a table that is none, and every name of a function that there is not."""
    for place, given in activations(data):
        yield from given_faults(given, data, place)
    found: dict[str, Entry] = {}
    signs = signs_of(data)
    for entry in entries(data):
        yield from entry_faults(entry)
        sign = signs[entry.place]
        other = found.setdefault(sign, entry)
        if other is not entry and (entry.name or other.name or other.table != entry.table):
            yield Fault(f"{entry.place}.sign", f'the sign "{sign}" is that of {other.place}; give each its own')


def given_faults(given: Any, data: Data, place: str) -> Iterator[Fault]:
    """What is wrong with how an activation is said: by a name, or by a table with a name or a formula."""
    if isinstance(given, str):
        fault = name_fault(given, data, place)
        if fault:
            yield fault
    elif isinstance(given, Mapping):
        if "name" in given and "formula" in given:
            yield Fault(place, "found name and formula, expected one of them")
        elif "name" not in given and "formula" not in given:
            yield Fault(f"{place}.name", "missing; expected a name, or a formula in its place")
        elif isinstance(given.get("name"), str) and given["name"] not in names(data):
            yield unknown(given["name"], data, f"{place}.name")
        if "formula" in given or name_of(given) in named(data):
            foreign = given.keys() - {"name", *FIELDS} if "formula" in given else given.keys() - {"name"}
        else:
            foreign = given.keys() & FIELDS
        for key in sorted(foreign):
            yield Fault(f"{place}.{key}", "has no place here; the letters of a formula are given as its parameters")


def name_fault(given: str, data: Data, place: str) -> Fault | None:
    """The fault of a text that looks like a name, is none, and is no formula either."""
    if given in names(data) or not NAME.fullmatch(given):
        return None
    return unknown(given, data, place) if isinstance(formula_of(given, (VARIABLE,), place), Fault) else None


def unknown(name: str, data: Data, place: str) -> Fault:
    """The fault of a name that no activation has."""
    return Fault(place, f'unknown activation "{name}"{suggestion(name, names(data))}')


def entry_faults(entry: Entry) -> Iterator[Fault]:
    """What is wrong with one function."""
    if entry.name in ACTIVATIONS:
        yield Fault(entry.place, "there is an activation of this name already; choose another")
    yield from sign_faults(entry)
    wrong = list(parameter_faults(entry))
    yield from wrong
    known = (VARIABLE, *entry.parameters)
    formula = formula_of(entry.table["formula"], known, entry.formula_place)
    if isinstance(formula, Fault):
        yield formula
    elif not wrong and all(type(value) in (int, Decimal) for value in entry.parameters.values()):
        used = set(letters(formula))
        for letter in (each for each in known if each not in used):
            yield unused(entry, letter)
        yield from derivative_faults(entry, (*known, OUTPUT))


def sign_faults(entry: Entry) -> Iterator[Fault]:
    """A sign that no page could print."""
    sign = entry.table.get("sign", entry.name)
    if isinstance(sign, str) and sign and not SIGN.fullmatch(sign):
        why = f'found "{sign}", expected' if "sign" in entry.table else "missing; the page needs"
        yield Fault(f"{entry.place}.sign", f"{why} letters, such as f, with a digit if need be, such as f_1")


def parameter_faults(entry: Entry) -> Iterator[Fault]:
    """Parameters whose names mean something else, or cannot be printed."""
    for name in entry.parameters:
        place = f"{entry.place}.parameters.{name}"
        if name in (VARIABLE, OUTPUT, "e", *NAMES):
            yield Fault(place, f"{name} has a meaning of its own in a formula; choose another letter")
        elif not LETTER.fullmatch(name):
            yield Fault(place, "found a name that is no letter; expected one such as b, beta, β or b_1")


def unused(entry: Entry, letter: str) -> Fault:
    """The fault of a letter that is not in its formula."""
    if letter == VARIABLE:
        return Fault(entry.formula_place, "z is not in it: the output would be the same for every net input")
    return Fault(f"{entry.place}.parameters.{letter}", "the formula has no such letter")


def derivative_faults(entry: Entry, known: tuple[str, ...]) -> Iterator[Fault]:
    """A derivative that cannot be read, or that is not the derivative."""
    text, place = entry.table.get("derivative"), f"{entry.place}.derivative"
    if not isinstance(text, str) or len(text) > LONGEST:
        return
    formula = formula_of(text, known, place)
    if isinstance(formula, Fault):
        yield formula
        return
    wrong = own_function(entry, "f").disagreement()
    if wrong:
        point, given, right = wrong
        yield Fault(place, f"not the derivative of the formula: at z = {point} it is {given:.6g}, not {right:.6g}")


def formula_of(text: str, known: tuple[str, ...], place: str) -> Formula | Fault:
    """The formula of a text, or the fault that shows where it cannot be read."""
    try:
        return parsed(text, known)
    except UnreadableError as error:
        hint = suggestion(error.found, error.known) if error.found else ""
        return Fault(place, error.message + hint, pointed(text, error.at))


def pointed(text: str, at: int) -> tuple[str, str]:
    """A formula and a line with a caret under one of its characters; of a long formula, what is around it."""
    first = max(0, at - WINDOW)
    shown = text[first : at + WINDOW]
    before = ("…" if first else "") + "".join(visible(letter) for letter in shown[: at - first])
    after = visible(shown[at - first :]) + ("…" if at + WINDOW < len(text) else "")
    return before + after, " " * len(before) + "^"
