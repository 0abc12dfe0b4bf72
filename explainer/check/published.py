"""What the source prints, compared with what we print; and its errata, each with the right figure."""

import re
from decimal import Decimal

from explainer.check.findings import Finding
from explainer.explain.closed import working
from explainer.maths.numerals import CONTEXT, decimals, unit
from explainer.maths.quantity import Quantity
from explainer.problem.faults import Fault, ProblemError
from explainer.problem.model import Erratum
from explainer.publish.text import TextPrinter
from explainer.trace.trace import Trace

PRINTER = TextPrinter()


NO_VALUES = "left out: in letters there are no values to compare with it"


def published(trace: Trace) -> Finding:
    """Every published figure: our value rounds to it, and the figures of its working stand in ours."""
    if trace.arithmetic.in_letters:
        return Finding("published figures", 0, (), tuple(f"{name}: {NO_VALUES}" for name in trace.problem.published))
    held, wrong = 0, []
    for name, (*between, figure) in trace.problem.published.items():
        quantity = named(trace, "published", name)
        ours = carried(trace, quantity)
        missing = [f"{name}: published {figure}, here {ours}"] if not rounds_to(ours, figure) else []
        if between:
            working = numbers_in(written(trace, quantity))
            missing += [f"{name}: {each} does not stand in its working" for each in between if abs(each) not in working]
        held += len(between) + 1 - len(missing)
        wrong += missing
    return Finding("published figures", held, tuple(wrong))


def numbers_in(text: str) -> set[Decimal]:
    """The numbers of a text, without their signs."""
    return {Decimal(digits) for digits in re.findall(r"\d+(?:\.\d+)?", text)}


def errata(trace: Trace) -> Finding:
    """Every erratum: we print what is right, and not what the source prints."""
    wrong, notes, held = [], [], 0
    for name, erratum in trace.problem.errata.items():
        quantity = named(trace, "errata", name)
        if trace.arithmetic.in_letters and isinstance(erratum.right, Decimal):
            notes.append(f"{name}: {NO_VALUES}")
            continue
        notes.append(f"{name}: printed {erratum.printed}, right {erratum.right}. {erratum.reason}")
        if bears_out(trace, quantity, erratum):
            held += 1
        else:
            wrong.append(f"{name}: {erratum.right} is not what is printed here")
    return Finding("errata", held, tuple(wrong), tuple(notes))


def bears_out(trace: Trace, quantity: Quantity, erratum: Erratum) -> bool:
    """Whether our page prints what the erratum calls right, and not what the source prints."""
    if isinstance(erratum.right, Decimal) and isinstance(erratum.printed, Decimal):
        ours = carried(trace, quantity)
        return rounds_to(ours, erratum.right) and not rounds_to(ours, erratum.printed)
    lines = written(trace, quantity)
    return str(erratum.right) in lines and str(erratum.printed) not in lines


def carried(trace: Trace, quantity: Quantity) -> Decimal:
    """The value carried for a quantity."""
    return trace.arithmetic.written(trace.value(quantity))


def named(trace: Trace, table: str, name: str) -> Quantity:
    """The quantity that an entry of a table is about.

    Raises:
        ProblemError: the problem file names a quantity that there is not.
    """
    try:
        return trace.find(name)
    except ProblemError as error:
        raise ProblemError([Fault(f'{table}."{name}"', error.faults[0].message)], trace.problem.file) from None


def rounds_to(ours: Decimal, figure: Decimal) -> bool:
    """Whether our value, rounded half up to the decimals of a figure, is that figure."""
    return CONTEXT.quantize(ours, unit(decimals(figure))) == figure


def written(trace: Trace, quantity: Quantity) -> str:
    """The working of a quantity as plain text."""
    derivation = working(trace, "full").derivation(trace.index[quantity])
    return " = ".join(PRINTER.unbroken(term.formula, term.lens) for term in derivation.terms)
