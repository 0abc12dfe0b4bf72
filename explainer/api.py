"""The Python interface: load, trace, explain, render. It does what the command does."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from explainer.explain.comparison import explain_comparison
from explainer.explain.document import Document
from explainer.explain.page import explain as explained
from explainer.explain.run import explain_run
from explainer.problem import read
from explainer.problem.faults import ProblemError, every
from explainer.problem.kinds import TRAINING
from explainer.problem.model import Problem
from explainer.problem.schema import LETTERS
from explainer.problem.settings import Settings
from explainer.problem.training import Trained
from explainer.trace.comparison import Comparison as PlainComparison
from explainer.trace.comparison import compare as compared
from explainer.trace.run import Run as PlainRun
from explainer.trace.run import addressed
from explainer.trace.runner import Progress, run
from explainer.trace.trace import Trace as PlainTrace
from explainer.trace.trace import trace as traced

Assignments = Mapping[str, Any]


class Trace(PlainTrace):
    """The steps of a problem, as a reader of Python uses them.

    Index it by name, iterate over it, cut a slice with `only`, turn it into `rows`.
    """

    def rows(self) -> list[dict[str, Any]]:
        """One dict for each step, as `explainer trace -f json` writes them."""
        from explainer.publish.records import records

        return records(self)

    def _repr_markdown_(self) -> str:
        """The whole worked solution, as a notebook shows it."""
        return explain(self)._repr_markdown_()


class Run(PlainRun[Trace], frozen=True):
    """The steps of a training: `run[3]` is the trace of step 3 if it is shown; `epochs` has the error after each."""

    def rows(self) -> list[dict[str, Any]]:
        """One dict for each step of the calculation, with the number of the step of training that it belongs to."""
        from explainer.publish.run_records import run_records

        return run_records(self)

    def _repr_markdown_(self) -> str:
        """The whole worked solution, as a notebook shows it."""
        return explain(self)._repr_markdown_()


class Comparison(PlainComparison[Trace], frozen=True):
    """Several ways to go about a problem: `comparison["η = 0.5"]` is the run of the way of this name."""

    def rows(self) -> list[dict[str, Any]]:
        """One dict for each step of the calculation, with the `way` and the number of the step that it belongs to."""
        from explainer.publish.run_records import comparison_records

        return comparison_records(self)

    def _repr_markdown_(self) -> str:
        """The whole page, as a notebook shows it."""
        return explain(self)._repr_markdown_()


class Page(Document, frozen=True):
    """A page, which shows itself in a notebook."""

    def _repr_markdown_(self) -> str:
        """The page as Markdown."""
        return render(self, "markdown")


def load(path: str | Path, *, settings: Assignments | None = None, **options: Any) -> Problem:
    """The problem in a TOML file.

    Args:
        path: the file.
        settings: fields put in before the problem is checked, such as {"training.learning_rate": 0.5}.
        options: `convention`, `detail`, `arithmetic`, `decimals`, `language`, as the command has them.

    Raises:
        ProblemError: the file holds no valid problem; every fault is named.
    """
    return read.load(path, given_settings(settings, options))


def loads(text: str, *, settings: Assignments | None = None, **options: Any) -> Problem:
    """The problem in a TOML text; see `load`."""
    return read.loads(text, given_settings(settings, options))


def new(**words: Any) -> str:
    """The text of a new problem file, its numbers good to calculate with by hand.

    Args:
        words: `layers` "3-2-1", `activation`, `loss`, `convention`, `learning_rate`, `biases`, `decimals`, `title`
            and `seed`, as the command has them.

    Raises:
        ProblemError: no such problem can be made, or none is found.
    """
    from explainer.exercise.draw import drawn
    from explainer.exercise.wish import Words, wish
    from explainer.exercise.written import written

    wished = wish(Words(**words))
    return written(wished, drawn(wished))


def trace(
    problem: Problem,
    *,
    only: str | Sequence[str] = (),
    overrides: Assignments | None = None,
    settings: Assignments | None = None,
    **options: Any,
) -> Trace:
    """Every quantity of a problem, worked out; of a training of several steps, those of the first.

    Args:
        problem: what `load` gave.
        only: the name of a quantity, or several: what they do not follow from is not worked out.
        overrides: values put in for quantities by name, such as {"o_4": "0.33"}; what follows from them
            is worked out with these.
        settings, options: as for `load`.

    Raises:
        ProblemError: a name or a value is none, or a value leaves the range of numbers.
    """
    try:
        names = [only] if isinstance(only, str) else only
        return traced(read.revised(problem, given_settings(settings, options)), overrides, Trace, names)
    except ProblemError as error:
        raise ProblemError(error.faults, problem.file) from None


def train(
    problem: Problem,
    *,
    after: Run | None = None,
    settings: Assignments | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Run:
    """Every step of a training, worked out one after the other. An interrupted one ends with what it has reached.

    Args:
        problem: what `load` gave; a single step is a training of one.
        after: a run of fewer epochs of the same problem: what it has left, parameters and all that the optimizer
            keeps of them, is where this one goes on.
        progress: is called after every epoch with its number, and with how many there are at most.
        settings, options: as for `load`.

    Raises:
        ProblemError: the problem is of another kind, or a value leaves the range of numbers in the first step.
        KeyboardInterrupt: it was interrupted in its first epoch.
    """
    try:
        kind = {} if isinstance(problem.task, Trained) else {"kind": TRAINING}
        trained = read.revised(problem, given_settings({**kind, **(settings or {})}, options))
        return run(trained, Run, Trace, progress, after)
    except ProblemError as error:
        raise ProblemError(error.faults, problem.file) from None


def compare(problem: Problem, progress: Progress | None = None) -> Comparison:
    """Every way to go about a problem, `[[compare]]` in its file, worked out by itself; none after an interrupted one.

    Args:
        problem: what `load` gave.
        progress: as for `train`.

    Raises:
        ProblemError: a value leaves the range of numbers in the first step.
    """
    return compared(problem, Comparison, Run, Trace, progress)


def solve(problem: Problem, only: Sequence[str] = (), progress: Progress | None = None) -> Trace | Run | Comparison:
    """What a page is written of: the trace of a problem, the run of a training, or several runs; or a slice of it.

    Args:
        problem: what `load` gave.
        only: the names of quantities, for a slice of what they need.
        progress: as for `train`.

    Raises:
        ProblemError: there is no such quantity, or a value leaves the range of numbers.
    """
    return sliced(whole(problem, only, progress), only)


def whole(problem: Problem, only: Sequence[str] = (), progress: Progress | None = None) -> Trace | Run | Comparison:
    """The same before a slice is cut; but of a single step no more is worked out than the slice needs."""
    in_letters = problem.numbers.arithmetic == LETTERS  # every step is the same, and none has an error to go by
    if not problem.ways and (not isinstance(problem.task, Trained) or problem.task.is_single or in_letters):
        return trace(problem, only=[addressed(name)[1] for name in only] if in_letters else only)
    return compare(problem, progress) if problem.ways else train(problem, progress=progress)


def sliced(found: Trace | Run | Comparison, only: Sequence[str]) -> Trace | Run | Comparison:
    """What quantities need; everything where none are named."""
    if isinstance(found, Trace) or not every(found.only, only, "--only"):
        return found
    return found.only(*only)


def explain(
    trace: Trace | Run | Comparison,
    *,
    only: str | list[str] | None = None,
    detail: str | None = None,
    language: str | None = None,
) -> Page:
    """The worked solution of a trace or of a run, or the page of a comparison.

    Args:
        trace: what `trace`, `train` or `compare` gave.
        only: the name of a quantity, or several: the page shows what they need and no more. Of a run, they are those
            of one step, named like "step 3: delta_4", or of the first that is shown; of a comparison, with the way
            before, "η = 0.5: step 3: delta_4".
        detail: "brief", "standard" or "full", in place of the problem's own.
        language: in place of the problem's own.

    Raises:
        ProblemError: there is no such quantity, detail or language.
    """
    names = [only] if isinstance(only, str) else only or []
    shown = trace.only(*names) if names else trace
    options = {"detail": detail, "language": language}
    presentation = read.revised(shown.problem, given_settings(None, options)).presentation
    if isinstance(shown, PlainTrace):
        page = explained(shown, presentation)
    elif isinstance(shown, PlainRun):
        page = explain_run(shown, presentation)
    else:
        page = explain_comparison(shown, presentation)
    return Page(page.title, page.blocks, page.language)


def render(page: Document, format: str = "markdown", *, fragment: bool = False) -> str:
    """The page as "markdown", "latex" or "text"; `fragment` leaves out what frames a LaTeX page."""
    from explainer.publish.formats import render as rendered

    return rendered(page, format, fragment=fragment)


OPTIONS = {
    "convention": "presentation.convention",
    "detail": "presentation.detail",
    "language": "presentation.language",
    "arithmetic": "numbers.arithmetic",
}
"""The field of the problem that each option sets."""


def given_settings(settings: Assignments | None, options: Mapping[str, Any]) -> Settings:
    """The settings that options stand for, and then the explicit ones.

    `decimals` takes the place of all the rounding that the problem asks for.

    Raises:
        TypeError: there is no option of this name.
    """
    pairs: list[tuple[str, Any]] = []
    for name, value in options.items():
        if value is None:
            continue
        if name == "decimals":
            pairs += [("numbers.places", None), ("numbers.significant", None), ("numbers.decimals", value)]
        elif name in OPTIONS:
            pairs.append((OPTIONS[name], value))
        else:
            raise TypeError(f"no option is called {name!r}; there are decimals, {', '.join(OPTIONS)} and settings")
    return [*pairs, *(settings or {}).items()]
