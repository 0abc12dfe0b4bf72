"""The checks of a run: those of each step that it shows, and of what the source prints of its epochs."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from explainer.check.derivatives import deltas, exact_values, gradients
from explainer.check.derived import derivation
from explainer.check.equalities import equalities
from explainer.check.findings import Finding
from explainer.check.published import errata, published, rounds_to
from explainer.explain.comparison import explain_comparison
from explainer.explain.run import first_reading, parts
from explainer.problem.faults import Fault, ProblemError
from explainer.trace.comparison import Comparison
from explainer.trace.differences import Exact
from explainer.trace.run import Run, addressed
from explainer.trace.trace import Trace, arithmetic_of


def run_findings(run: Run[Any], *, changed: bool = False) -> list[Finding]:
    """Every check of a run; of one whose problem was changed by settings, not what its source prints."""
    asked = run.problem.presentation
    kinds = [asked] if asked.detail == "full" else [asked, replace(asked, detail="full")]
    pages = [part for kind in kinds for part in parts(run, kind)]
    found = [merged([equalities(trace, [page]) for trace, page in pages])]
    found += [of_steps(run, check) for check in (gradients, deltas) if run.shown]
    found += [derivation(run.problem)] if asked.derivation else []
    return found if changed else [*found, *of_source(run)]


def comparison_findings(comparison: Comparison[Any], *, changed: bool = False) -> list[Finding]:
    """Every check of every run of a comparison, and of its page; what is wrong is told with the way."""
    presentation = comparison.problem.presentation
    page, first = explain_comparison(comparison, presentation), comparison.members[0].run
    found = {"": [equalities(first_reading(first, presentation).trace, [page])]}
    found |= {f"{each.name}: ": run_findings(each.run, changed=changed) for each in comparison.members}
    subjects: dict[str, list[Finding]] = {}
    for way, findings in found.items():
        for each in findings:
            subjects.setdefault(each.subject, []).append(told(each, way))
    return [merged(each) for each in subjects.values()]


def of_steps(run: Run[Any], check: Callable[[Trace, Exact], Finding]) -> Finding:
    """A check of every step that is shown; what is wrong is told with the number of its step."""
    return merged(
        [told(check(each.trace, exact_values(each.trace)), f"step {each.batch.step}: ") for each in run.shown]
    )


def told(finding: Finding, where: str) -> Finding:
    """A finding that says where it was found."""
    return replace(finding, wrong=tuple(f"{where}{wrong}" for wrong in finding.wrong))


def merged(findings: list[Finding]) -> Finding:
    """Several findings of one subject as one; a note that is repeated is told once."""
    return Finding(
        findings[0].subject,
        sum(each.held for each in findings),
        tuple(wrong for each in findings for wrong in each.wrong),
        tuple(dict.fromkeys(note for each in findings for note in each.notes)),
    )


def of_source(run: Run[Any]) -> Iterator[Finding]:
    """The published figures and the errata, each in the step, or after the epoch, that it belongs to."""
    problem = run.problem
    for table, check in (("published", published), ("errata", errata)):
        entries: Mapping[str, Any] = getattr(problem, table)
        found = [epochs(run, entries)] if table == "published" else []
        for each in run.shown:
            own = {name: entry for (step, name), entry in located(run, table, entries) if step == each.batch.step}
            found.append(told(check(each.trace.of(replace(problem, **{table: own}))), f"step {each.batch.step}: "))
        if found:
            yield merged(found)


def located(run: Run[Any], table: str, entries: Mapping[str, Any]) -> Iterator[tuple[tuple[int, str], Any]]:
    """Each entry with its step and the name there; without a step it is of the first that is shown.

    Raises:
        ProblemError: the step is not shown.
    """
    shown = [each.batch.step for each in run.shown]
    for key, entry in entries.items():
        if key.startswith("epoch "):
            continue
        step, name = addressed(key)
        if step is not None and step not in shown:
            told = f"step {step} is not shown; expected it in presentation.steps"
            raise ProblemError([Fault(f'{table}."{key}"', told)], run.problem.file)
        yield (step or next(iter(shown), 1), name), entry


def epochs(run: Run[Any], entries: Mapping[str, tuple[Decimal, ...]]) -> Finding:
    """The published errors after epochs, named like "epoch 3: E"."""
    held, wrong = 0, []
    errors = {f"epoch {each.number}": each.error for each in run.epochs}
    arithmetic = arithmetic_of(run.problem)
    for key, (*_, figure) in entries.items():
        if not key.startswith("epoch "):
            continue
        name = key.partition(":")[0]
        if name not in errors:
            raise ProblemError([Fault(f'published."{key}"', f"there is no {name} in this run")], run.problem.file)
        ours = arithmetic.written(errors[name])
        if rounds_to(ours, figure):
            held += 1
        else:
            wrong.append(f"{key}: published {figure}, here {ours}")
    return Finding("published figures", held, tuple(wrong))
