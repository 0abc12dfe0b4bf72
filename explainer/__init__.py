"""explainer: a neural network and a sample become a complete worked solution, every number right."""

from explainer.api import Comparison, Page, Run, Trace, compare, explain, load, loads, new, render, solve, trace, train
from explainer.problem.faults import ProblemError

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "Page",
    "ProblemError",
    "Run",
    "Trace",
    "compare",
    "explain",
    "load",
    "loads",
    "new",
    "render",
    "solve",
    "trace",
    "train",
]
