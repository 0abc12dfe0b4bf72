"""What the source prints, compared with what we print; and its errata, each with the right figure."""

from decimal import Decimal

from explainer.check.findings import Finding
from explainer.explain.working import Working
from explainer.maths.numerals import CONTEXT, decimals, unit
from explainer.problem.faults import Fault, ProblemError
from explainer.problem.model import Erratum
from explainer.publish.text import TextPrinter
from explainer.trace.trace import Trace

PRINTER = TextPrinter()


def published(trace: Trace) -> Finding:
    """Every published figure: our value rounds to it."""
    wrong = []
    for name, figure in trace.problem.published.items():
        ours = carried(trace, "published", name)
        if not rounds_to(ours, figure):
            wrong.append(f"{name}: published {figure}, here {ours}")
    return Finding("published figures", len(trace.problem.published) - len(wrong), tuple(wrong))


def errata(trace: Trace) -> Finding:
    """Every erratum: we print what is right, and not what the source prints."""
    wrong, notes = [], []
    for name, erratum in trace.problem.errata.items():
        notes.append(f"{name}: printed {erratum.printed}, right {erratum.right}. {erratum.reason}")
        if not bears_out(trace, name, erratum):
            wrong.append(f"{name}: {erratum.right} is not what is printed here")
    return Finding("errata", len(notes) - len(wrong), tuple(wrong), tuple(notes))


def bears_out(trace: Trace, name: str, erratum: Erratum) -> bool:
    """Whether our page prints what the erratum calls right, and not what the source prints."""
    ours = carried(trace, "errata", name)
    if isinstance(erratum.right, Decimal) and isinstance(erratum.printed, Decimal):
        return rounds_to(ours, erratum.right) and not rounds_to(ours, erratum.printed)
    lines = written(trace, name)
    return str(erratum.right) in lines and str(erratum.printed) not in lines


def carried(trace: Trace, table: str, name: str) -> Decimal:
    """The value carried for a quantity.

    Raises:
        ProblemError: the problem file names a quantity that there is not.
    """
    try:
        quantity = trace.find(name)
    except ProblemError as error:
        raise ProblemError([Fault(f'{table}."{name}"', error.faults[0].message)], trace.problem.file) from None
    return Decimal(str(trace.value(quantity)))


def rounds_to(ours: Decimal, figure: Decimal) -> bool:
    """Whether our value, rounded half up to the decimals of a figure, is that figure."""
    return CONTEXT.quantize(ours, unit(decimals(figure))) == figure


def written(trace: Trace, name: str) -> str:
    """The working of a quantity as plain text."""
    derivation = Working(trace, "full").derivation(trace.index[trace.find(name)])
    return " = ".join(PRINTER.unbroken(term.formula, term.lens) for term in derivation.terms)
