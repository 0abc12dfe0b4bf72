"""How numbers are rounded, in words: the usual places, and the exceptions that the page has a use for."""

from collections.abc import Iterator, Mapping
from itertools import islice

from explainer.explain.document import Inlines
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.maths.arithmetic import ALIKE, SUBRESULTS
from explainer.maths.formula import walk
from explainer.maths.numerals import Rounding
from explainer.maths.quantity import ROLES
from explainer.problem.rounding import OF_UPDATES
from explainer.trace.trace import Step


def rounding(reading: Reading) -> Iterator[Inlines]:
    """How numbers are rounded, in words."""
    trace, prose = reading.trace, reading.prose
    yield prose(
        f"rounding.{trace.arithmetic.name}",
        results=places(reading, trace.arithmetic.places.results),
        subresults=places(reading, trace.arithmetic.places.subresults),
    )
    if any(trace.numeral(step.quantity).scientific for step in trace):
        yield prose("rounding.scientific")
    stated = {
        name: rule
        for name, rule in trace.problem.numbers.exceptions.items()
        if holds(reading, name, rule) and occurs(reading, name)
    }
    if stated:
        yield prose("rounding.exceptions", list=exceptions(reading, stated))


def holds(reading: Reading, name: str, rule: Rounding) -> bool:
    """Whether an exception says anything: exactly, intermediate results and what is not rounded have no decimals."""
    _, _, role = name.rpartition(".")
    return not reading.trace.in_fractions or (role in ROLES and rule.kind != "all")


def occurs(reading: Reading, name: str) -> bool:
    """Whether the page has anything that an exception is for: a result of that role, or an intermediate result."""
    phase, _, role = name.rpartition(".")
    steps = (step for step in reading.trace if phase in ("", step.phase))
    if role in ROLES:
        return any(role in (step.quantity.role, *ALIKE.get(step.quantity.role, ())) for step in steps)
    return any(role in intermediate(step) for step in steps)


def intermediate(step: Step) -> Iterator[str]:
    """The kinds of the intermediate results of a step."""
    for formula in () if step.put_in else (step.equation.formula, step.equation.definition):
        if formula is not None:
            yield from (SUBRESULTS[type(node)] for node in islice(walk(formula), 1, None) if type(node) in SUBRESULTS)


def exceptions(reading: Reading, stated: Mapping[str, Rounding]) -> Inlines:
    """The exceptions in words, those with the same rounding together: "δ and changes Δ: 4 decimals; …"."""
    alike: dict[Rounding, list[str]] = {}
    for name, rule in stated.items():
        alike.setdefault(rule, []).append(name)
    groups = []
    for rule, names in alike.items():
        words = reading.prose.enumerated([rounded_name(reading, name) for name in joined(names)])
        groups.append(reading.prose("rounding.exception", names=words, places=places(reading, rule)))
    return listed(groups, "; ")


def joined(names: list[str]) -> list[str]:
    """The names of exceptions, with one for all intermediate results of the updates where they are there."""
    all_of_them = [f"update.{name}" for name in OF_UPDATES]
    if not set(all_of_them) <= set(names):
        return names
    return [*(name for name in names if name not in all_of_them), "update.subresult"]


def rounded_name(reading: Reading, name: str) -> Inlines:
    """What an exception is for, in words: "δ", "net inputs in the check"."""
    phase, _, role = name.rpartition(".")
    by_gradient = role == "change" and reading.trace.names.convention.update == "by-gradient"
    optimized = role == "change" and any(step.equation.law == "optimizer" for step in reading.trace)
    key = "rounding.optimized" if optimized else "rounding.gradients" if by_gradient else f"roles.{role}"
    words = reading.prose("rounding.subresult" if role == "subresult" else key)
    if not phase:
        return words
    return reading.prose("rounding.in_phase", name=words, phase=reading.prose.text(f"phases.{phase}"))


def places(reading: Reading, rule: Rounding) -> Inlines:
    """A rounding in words."""
    match rule.kind:
        case "decimals" if not rule.places:
            return reading.prose("rounding.no_decimals")
        case "decimals":
            return reading.prose.counted("rounding.one_decimal", "rounding.decimals", rule.places)
        case "significant":
            return reading.prose.counted("rounding.one_significant", "rounding.significant", rule.places)
        case "all":
            return reading.prose("rounding.all")
