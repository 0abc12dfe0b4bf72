"""The derivation of a page's rules, proved; SymPy is imported only where there is one."""

from explainer.check.findings import Finding
from explainer.problem.model import Problem
from explainer.trace.names import Names
from explainer.trace.principles.whole import parts_of, setting_of


def derivation(problem: Problem) -> Finding:
    """Every line of the derivation of the rules, proved by SymPy."""
    from explainer.check.proof import proof

    return proof(setting_of(problem), Names(problem.convention, ()), parts_of(problem))
