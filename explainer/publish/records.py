"""Records: a trace as rows of plain data, for programs, spreadsheets and terminals."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from explainer.explain.closed import closed_form
from explainer.maths.arithmetic import Value
from explainer.maths.formula import Formula, quantities
from explainer.maths.quantity import PHASES, ROLES, SHIFT, Quantity
from explainer.maths.rewriting import shortened
from explainer.problem.model import Problem
from explainer.publish.latex import LatexPrinter
from explainer.publish.printer import Printer
from explainer.publish.text import TextPrinter
from explainer.trace.trace import Step, Trace

Record = dict[str, Any]

TEXT, LATEX = TextPrinter(), LatexPrinter()


def records(trace: Trace) -> list[Record]:
    """One record for each step, in order; see `trace_schema`."""
    return [record(trace, step) for step in trace]


def record(trace: Trace, step: Step) -> Record:
    """One step as plain data."""
    quantity, formula = step.quantity, step.equation.shown
    return {
        "name": trace.names.typed(quantity),
        "role": quantity.role,
        "indices": {
            "layer": quantity.layer,
            "unit": quantity.unit,
            "source": quantity.source,
            "sample": quantity.sample,
            "iteration": quantity.iteration,
        },
        "phase": step.phase,
        "law": step.equation.law,
        "formula": {"text": printed(TEXT, formula, trace), "latex": printed(LATEX, formula, trace)},
        "operands": [trace.names.typed(operand) for operand in dict.fromkeys(quantities(formula))],
        **worth(trace, quantity),
    }


def worth(trace: Trace, quantity: Quantity) -> Record:
    """What a quantity is worth, as carried, in digits, and as printed; in letters nothing."""
    if trace.arithmetic.in_letters:
        return {"value": None, "decimal": None, "printed": None}
    value = trace.value(quantity)
    return {
        "value": closed(trace, quantity) if trace.arithmetic.in_fractions else lossless(value),
        "decimal": lossless(trace.arithmetic.written(value)) if trace.arithmetic.in_fractions else lossless(value),
        "printed": TEXT(quantity, trace.numeral),
    }


def closed(trace: Trace, quantity: Quantity) -> str:
    """An exact value: a fraction such as -7/10, or the closed form of what is none."""
    value, step = trace.value(quantity), trace.index.get(quantity)
    if isinstance(value, Fraction) or step is None:
        return str(value)
    return TEXT.unbroken(closed_form(trace, step), trace.figure)


def printed(printer: Printer, formula: Formula, trace: Trace) -> str:
    """A formula in letters."""
    return printer.unbroken(formula, trace.names)


def lossless(value: Value) -> str:
    """A value in digits that give back exactly the value."""
    return repr(value) if isinstance(value, float) else str(value)


def as_json(trace: Trace) -> str:
    """The trace as a JSON object."""
    return dumped({**stated(trace.problem), **worked(trace)})


def stated(problem: Problem) -> Record:
    """What a problem says of itself."""
    return {
        "title": problem.title,
        "source": problem.source,
        "convention": problem.presentation.convention,
        "arithmetic": problem.numbers.arithmetic,
    }


def worked(trace: Trace) -> Record:
    """What is given, and every step."""
    return {"given": [given_record(trace, quantity) for quantity in trace.given], "steps": records(trace)}


def dumped(whole: Record) -> str:
    """Plain data as JSON."""
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def given_record(trace: Trace, quantity: Quantity) -> Record:
    """One given number as plain data."""
    return {
        "name": trace.names.typed(quantity),
        "role": quantity.role,
        **worth(trace, quantity),
    }


COLUMNS = ("name", "phase", "formula", "value", "decimal", "printed", "law")


def flat(trace: Trace, longest: int | None = None) -> Iterator[Record]:
    """The columns of a table, for each step; the `longest` sum has so many terms, where there is such a bound."""
    for step in trace:
        formula = step.equation.shown
        yield {
            "name": step.name,
            "phase": step.phase,
            "formula": printed(TEXT, formula if longest is None else shortened(formula, longest), trace),
            **worth(trace, step.quantity),
            "law": step.equation.law,
        }


def as_csv(trace: Trace) -> str:
    """The trace as comma-separated values, with a head."""
    return separated(COLUMNS, flat(trace))


def separated(head: Sequence[str], rows: Iterable[Record]) -> str:
    """Rows as comma-separated values, under their head."""
    written = io.StringIO()
    writer = csv.DictWriter(written, head, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()


def as_table(trace: Trace) -> str:
    """The trace as columns for a terminal, long sums by their first and last terms as on the page."""
    shown = ["name", "printed", "formula", "law"]
    if trace.arithmetic.in_letters:
        shown.remove("printed")
    rows = flat(trace, trace.problem.presentation.longest_sum)
    lines = [["value" if key == "printed" else key for key in shown]]
    return columns([*lines, *([row[key] for key in shown] for row in rows)])


def columns(lines: list[list[str]]) -> str:
    """Lines of cells as text, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "".join(f"{line.rstrip()}\n" for line in padded)


RECORD_FORMATS: Mapping[str, Callable[[Trace], str]] = {"json": as_json, "csv": as_csv, "table": as_table}


def trace_schema() -> dict[str, Any]:
    """The JSON Schema of `as_json`."""
    text = {"type": "string"}
    worth = {"type": ["string", "null"], "description": "Nothing in letters."}
    index = {"type": ["integer", "string"], "minimum": 0}
    names = {"type": "array", "items": text}
    role = {"enum": list(ROLES)}
    indices = dict.fromkeys(("layer", "unit", "source", "sample", "iteration"), index)
    told = "The sending unit; of biases 0, of scales and shifts of normalized units -1 and -2."
    indices["source"] = {**index, "minimum": SHIFT, "description": told}
    formula = strict(text=text, latex=text)
    step = strict(
        name=text, role=role, indices=strict(**indices), phase={"enum": list(PHASES)}, law=text,
        formula=formula, operands=names, value=worth, decimal=worth, printed=worth,
    )  # fmt: skip
    given = strict(name=text, role=role, value=worth, decimal=worth, printed=worth)
    whole = strict(
        title=text, source=text, convention=text, arithmetic=text,
        given={"type": "array", "items": given}, steps={"type": "array", "items": step},
    )  # fmt: skip
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Explainer trace", **whole}


def strict(**properties: Any) -> dict[str, Any]:
    """An object of exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
