"""Every page of a training is true: it is read back, and each equality worked out again from its printed digits."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import explainer
from explainer.problem.model import Problem
from explainer.problem.training import Trained
from tests import networks, trainings
from tests.reading import DISPLAYED
from tests.run_reader import RunReader
from tests.test_truth import UGLY, shown

ROOT = Path(__file__).parent.parent
MARKUPS = ("markdown", "latex", "text")
TRAININGS = [path for path in sorted((ROOT / "problems").glob("*.toml")) if "[training]" in path.read_text("utf-8")]


def known_of(problem: Problem) -> networks.Problem:
    """What a reader of the page of a problem must know: the sizes, and how numbers are rounded."""
    numbers = problem.data.get("numbers", {})
    sizes = problem.network.sizes
    exceptions = tuple(
        (name, str(places) if isinstance(places, str) else places) for name, places in numbers.get("places", {}).items()
    )
    kind = "significant" if "significant" in numbers else "decimals"
    layer = networks.Layer("sigmoid", "0.01", (("0",),) * sizes[-1], None)
    rounding = networks.Rounding(kind, numbers.get(kind, 4), exceptions, numbers.get("trailing_zeros"))
    return networks.Problem(("0",) * sizes[0], (layer,), ("0",) * sizes[-1], "", "0", problem.convention.name, rounding)


def faults(text: str, known: networks.Problem, arithmetic: str, markup: str) -> list[str]:
    """What is not true on a page, and what is ugly."""
    reader = RunReader(text, markup, known, arithmetic)
    found = reader.faults()
    assert reader.checked > 5
    return [*found, *(line for line in shown(text, markup) if UGLY.search(line))]


@pytest.mark.parametrize("path", TRAININGS, ids=lambda path: path.stem)
def test_every_page_of_the_gallery_is_true(path: Path) -> None:
    """Each training that comes with the program has only true equalities, in one format or another."""
    problem = explainer.load(path)
    if not isinstance(problem.task, Trained) or problem.ways or problem.convention.form == "matrix":
        pytest.skip("no training, or several of them side by side, or one in matrices, which have their own reader")
    markup = MARKUPS[TRAININGS.index(path) % len(MARKUPS)]
    text = explainer.render(explainer.explain(explainer.solve(problem)), markup)
    assert faults(text, known_of(problem), problem.numbers.arithmetic, markup) == []


def untrue(training: trainings.Training, markup: str) -> list[str]:
    """What is not true on the page of a random training."""
    try:
        found = explainer.solve(explainer.loads(training.toml))
    except explainer.ProblemError as error:
        return [] if re.search("range|division by 0", str(error)) else [str(error)]  # what has no values has no page
    page = explainer.render(explainer.explain(found), markup)
    return [] if ASTRAY.search(page) else faults(page, training.problem, training.arithmetic, markup)


ASTRAY = re.compile(r"10\^\{-?\d{3,}\}|10⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{3,}")
"""Numbers of a training that has gone astray, too large or too small for the digits of a reader."""


@pytest.mark.parametrize("seed", range(30))
def test_every_page_of_a_training_is_true(seed: int) -> None:
    """Whatever optimizer, batches, penalty, bound, schedule, dropout, normalization, convention and rounding."""
    assert untrue(trainings.Draw(Random(seed)).training(), MARKUPS[seed % 3]) == []


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.sampled_from(MARKUPS))
def test_every_page_that_can_be_thought_of_is_true(source: Random, markup: str) -> None:
    """The same for trainings that are searched for, the simplest that fails being told."""
    assert untrue(trainings.Draw(source).training(), markup) == []


NUMERAL = re.compile(r"(?<![\d._{])\d+\.\d{3,}(?![\d·\\ ]*(?:·10|\\times))")


def altered(page: str, markup: str) -> Iterator[str]:
    """The page with the last digit of one number in a displayed chain changed, for some such numbers."""
    pattern = DISPLAYED if markup != "text" else re.compile(r"^ {4}(?=.*[=≈]).*$", re.MULTILINE)
    places = [match.end() - 1 for block in pattern.finditer(page) for match in NUMERAL.finditer(page, *block.span())]
    for last in places[:: max(1, len(places) // 12)]:
        yield page[:last] + str((int(page[last]) + 1) % 10) + page[last + 1 :]


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("name", ["hmkcode-six-steps", "optimizer-adam", "weight-decay-momentum", "clipping-by-norm"])
def test_the_reader_finds_an_altered_digit(name: str, markup: str) -> None:
    """A digit that is changed anywhere in any step is found: these tests can fail."""
    problem = explainer.load(ROOT / "problems" / f"{name}.toml")
    page = explainer.render(explainer.explain(explainer.solve(problem)), markup)
    others = list(altered(page, markup))
    assert len(others) > 10
    arithmetic = problem.numbers.arithmetic
    assert [other for other in others if not RunReader(other, markup, known_of(problem), arithmetic).faults()] == []


def test_the_reader_finds_an_altered_table() -> None:
    """So is one in the table of all parameters, in every format."""
    problem = explainer.load(ROOT / "problems" / "optimizer-adam.toml")
    for markup in MARKUPS:
        page = explainer.render(explainer.explain(explainer.solve(problem)), markup)
        start = page.index("All parameters that are trained")
        for match in list(NUMERAL.finditer(page, start))[:6]:
            last = match.end() - 1
            other = page[:last] + str((int(page[last]) + 1) % 10) + page[last + 1 :]
            assert RunReader(other, markup, known_of(problem), problem.numbers.arithmetic).faults()
