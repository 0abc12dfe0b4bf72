"""The report of a check: what held and what did not."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from explainer.check.derivatives import deltas, exact_values, gradients
from explainer.check.derived import derivation
from explainer.check.equalities import equalities
from explainer.check.exercises import hidden_deltas, learned, output_deltas, slopes
from explainer.check.findings import Finding
from explainer.check.letters import equations
from explainer.check.own_functions import own_functions
from explainer.check.published import errata, published
from explainer.check.runs import comparison_findings, run_findings
from explainer.explain.document import Document
from explainer.explain.page import explain
from explainer.trace.comparison import Comparison
from explainer.trace.differences import Exact
from explainer.trace.run import Run
from explainer.trace.trace import Trace

NOT_ITS_OWN = "left out: they hold for the problem as it stands in its file"


Check = Callable[[Trace, Exact], Finding]

DERIVATIVES: Mapping[str, tuple[Check, ...]] = {
    "step": (gradients, deltas),
    "training": (gradients, deltas),
    "derivation": (lambda trace, values: derivation(trace.problem),),
    "error": (),
    "neuron": (),
    "function": (slopes,),
    "output-delta": (output_deltas,),
    "hidden-delta": (hidden_deltas,),
    "update": (),
    "rates": (),
    "epoch": (learned,),
}
"""What of each kind of problem is compared with derivatives worked out another way."""


def findings(trace: Trace | Run[Any] | Comparison[Any], *, changed: bool = False) -> list[Finding]:
    """Every check of a trace, a run or a comparison; if settings changed its problem, not what its source prints."""
    if isinstance(trace, Comparison):
        return comparison_findings(trace, changed=changed)
    if not isinstance(trace, Trace):
        return run_findings(trace, changed=changed)
    values = exact_values(trace)
    written = pages(trace)
    lines = equations(written, values) if trace.arithmetic.in_letters else equalities(trace, written)
    own = own_functions(trace)
    ours = [lines, *(compared(trace, values) for compared in DERIVATIVES[trace.problem.kind])]
    ours += [derivation(trace.problem)] if trace.problem.presentation.derivation else []
    ours += [own] if own else []
    if changed:
        left_out = (NOT_ITS_OWN,) if trace.problem.published or trace.problem.errata else ()
        return [*ours, Finding("published figures", 0, (), left_out)]
    return [*ours, published(trace), errata(trace)]


def pages(trace: Trace) -> list[Document]:
    """The page as the problem asks for it, and with every line of its arithmetic."""
    asked = trace.problem.presentation
    kinds = [asked] if asked.detail == "full" else [asked, replace(asked, detail="full")]
    return [explain(trace, kind) for kind in kinds]


def report(trace: Trace | Run[Any] | Comparison[Any], name: str, *, changed: bool = False) -> tuple[str, bool]:
    """The report as a table, and whether everything held; see `findings`."""
    found = findings(trace, changed=changed)
    lines = [name]
    for each in found:
        verdict = f"{len(each.wrong)} WRONG" if each.wrong else "ok" if each.held else "none"
        lines.append(f"  {each.subject:<20}{each.held:>6} held   {verdict}")
        lines += [f"      ✗ {wrong}" for wrong in each.wrong]
        lines += [f"      {note}" for note in each.notes]
    return "\n".join(lines) + "\n", not any(each.wrong for each in found)
