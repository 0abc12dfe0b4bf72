"""explainer: a neural network and a sample become a complete worked solution, every number right."""

from explainer.api import Page, Trace, explain, load, loads, new, render, trace
from explainer.problem.faults import ProblemError

__version__ = "0.1.0"

__all__ = ["Page", "ProblemError", "Trace", "explain", "load", "loads", "new", "render", "trace"]
