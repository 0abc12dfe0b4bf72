"""Pages in letters: every equation right whatever numbers are put in, and no numbers of their own."""

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import jsonschema
import pytest
from command import PROBLEM, run

import explainer
from explainer.api import Trace
from explainer.check.report import findings
from explainer.maths.formula import Formula
from explainer.maths.quantity import Quantity
from explainer.problem.model import Problem
from explainer.publish.formats import FORMATS
from explainer.publish.records import as_json, as_table, trace_schema
from explainer.trace.laws import Laws
from tests import networks
from tests.letters import Letters, number
from tests.reading import formulas
from tests.test_gradients import close, smooth
from tests.test_truth import UGLY

PROBLEMS = Path(__file__).parent.parent / "problems"
FOUNDATIONS = PROBLEMS / "foundations-2-2-2-1.toml"

SEEDS = range(20)

SHORTEST = """
[network]
inputs = 2
[[network.layers]]
units = 3
biases = true
[[network.layers]]
activation = "linear"
units = 2
[numbers]
arithmetic = "letters"
"""

# -- every equation, read back from the page --------------------------------------------------------


@lru_cache(maxsize=2)
def case(seed: int) -> tuple[networks.Problem, Trace]:
    """A random problem with one slope and with sums shown whole, and its trace in full precision."""
    drawn = smooth(seed)
    layers = tuple(replace(layer, slope="0.1") for layer in drawn.layers)
    problem = replace(drawn, layers=layers, longest_sum=10)
    return problem, explainer.trace(explainer.loads(problem.toml, arithmetic="float"))


def page_in_letters(problem: networks.Problem, detail: str, markup: str) -> str:
    """The page of a problem in letters."""
    trace = explainer.trace(explainer.loads(problem.toml, arithmetic="letters"))
    return explainer.render(explainer.explain(trace, detail=detail), markup)


@pytest.mark.parametrize("markup", ["markdown", "latex", "text"])
@pytest.mark.parametrize("detail", ["brief", "full"])
@pytest.mark.parametrize("seed", SEEDS)
def test_every_index_is_right(seed: int, detail: str, markup: str) -> None:
    """Who puts numbers in for the letters of a page gets the values of the network, through the page's equations."""
    problem, calculated = case(seed)
    names = {quantity: FORMATS[markup].printer(quantity, calculated.names) for quantity in calculated.given}
    given = {name: number(calculated.given[quantity]) for quantity, name in names.items()}
    page = page_in_letters(problem, detail, markup)
    found = dict(Letters(page, markup, given, problem.function_parameters).worked())
    steps = [step for step in calculated if step.phase != "check" and step.quantity.role != "change"]
    assert len(found) == len(steps)
    for step in steps:
        for value in found[FORMATS[markup].printer(step.quantity, calculated.names)]:
            assert close(float(value), step.value, 1e-9), step.name


@pytest.mark.parametrize("markup", ["markdown", "latex", "text"])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_formula_is_ugly(seed: int, markup: str) -> None:
    """No formula has two signs in a row, whatever signs the numbers of the problem have."""
    page = page_in_letters(case(seed)[0], "full", markup)
    assert [formula for formula in formulas(page, markup) if UGLY.search(formula)] == []


def test_no_number_of_the_problem_is_printed() -> None:
    """The lecture's page in letters has none of its numbers, no table, no remarks and no comparison."""
    page = explainer.render(explainer.explain(explainer.trace(lecture())), "text")
    assert re.findall(r"\d\.\d", page) == []
    assert [word for word in ("decimals", "Old", "Remarks", "Reduced by", "≈") if word in page] == []


def lecture() -> Problem:
    """The lecture's problem, in letters."""
    return explainer.load(PROBLEMS / "lecture-3-2-1.toml", arithmetic="letters")


# -- problems without numbers -----------------------------------------------------------------------


@pytest.mark.parametrize("convention", networks.CONVENTIONS)
def test_a_problem_needs_no_numbers(convention: str) -> None:
    """A few lines that say how many units there are give a page, a trace without values, and a check that holds."""
    trace = explainer.trace(explainer.loads(SHORTEST, convention=convention))
    assert trace.problem.network.sizes == (2, 3, 2)
    assert {step.value for step in trace} == {None}
    assert {quantity.role for quantity in trace.given} == {"input", "target", "rate", "weight", "bias"}
    assert len(formulas(explainer.render(explainer.explain(trace), "markdown"), "markdown")) > 40
    checks = {finding.subject: finding for finding in findings(trace)}
    assert [finding.wrong for finding in checks.values() if finding.wrong] == []
    assert checks["gradients"].held == 2 * 3 + 3 + 3 * 2
    assert checks["δ"].held == 5


def test_a_trace_in_letters_has_formulas_and_no_values() -> None:
    """As JSON its values are null, as the schema allows; as a table there is no column for them."""
    trace = explainer.trace(explainer.loads(SHORTEST))
    written = json.loads(as_json(trace))
    assert list(jsonschema.Draft202012Validator(trace_schema()).iter_errors(written)) == []
    assert {each[key] for each in (*written["steps"], *written["given"]) for key in ("value", "printed")} == {None}
    assert all(step["formula"]["latex"] for step in written["steps"])
    head, *lines = as_table(trace).splitlines()
    assert head.split() == ["name", "formula", "law"]
    assert len(lines) == len(trace)


def test_a_slice_in_letters_reads_on_its_own() -> None:
    """The page of one change has its equation and those that it needs, and ends without a value."""
    trace = explainer.trace(lecture()).only("dw_14")
    page = explainer.render(explainer.explain(trace), "text")
    assert "Δw₁₄ = η δ₄ x₁" in page
    assert "δ₅" not in page


def test_nothing_can_be_put_in() -> None:
    """A value put in for a letter is refused."""
    with pytest.raises(explainer.ProblemError, match="o_4: cannot be put in"):
        explainer.trace(lecture(), overrides={"o_4": "0.33"})


def refused(text: str, **options: str) -> list[str]:
    """The faults of a problem."""
    with pytest.raises(explainer.ProblemError) as error:
        explainer.loads(text, **options)
    return [str(fault) for fault in error.value.faults]


def test_other_arithmetics_need_numbers() -> None:
    """Without numbers, what is missing is named, and the arithmetic that does without it."""
    faults = refused(SHORTEST, arithmetic="decimal")
    assert [fault.partition(":")[0] for fault in faults] == [
        "network.layers[0].units",
        "network.layers[0].biases",
        "network.layers[1].units",
        "samples",
        "training",
    ]
    assert all('numbers.arithmetic = "letters"' in fault for fault in faults[:3])


def test_units_are_said_once() -> None:
    """A layer has either its weights or the number of its units, in letters too."""
    both = PROBLEM.replace("weights", "units = 2\nweights", 1)
    assert refused(both, arithmetic="letters") == ["network.layers[0].units: found weights too, expected one of them"]
    neither = SHORTEST.replace("units = 3", "")
    assert refused(neither) == ["network.layers[0].weights: missing; expected a list of lists of numbers"]


def test_no_page_has_millions_of_letters() -> None:
    """A few lines cannot ask for a network that no page and no computer could hold."""
    assert refused(SHORTEST.replace("units = 3", "units = 90000")) == [
        "network: 360000 weights, expected at most 100000 in letters"
    ]


def test_an_editor_knows_that_letters_need_no_numbers() -> None:
    """The schema of a problem file takes one without numbers in letters, and no other."""
    validator = jsonschema.Draft202012Validator(json.loads(run("schema", "problem").out))
    assert validator.is_valid(tomllib.loads(SHORTEST))
    assert not validator.is_valid(tomllib.loads(SHORTEST.replace("letters", "float")))


# -- the check --------------------------------------------------------------------------------------


def swapped(patch: pytest.MonkeyPatch) -> None:
    """w_12 for w_21 in what is passed back to the first hidden layer"""
    right = Laws.passed_back

    def turned(self: Laws, weight: Formula, delta: Formula) -> Formula:
        if isinstance(weight, Quantity) and weight.layer == 2:
            weight = Quantity("weight", 2, weight.source, weight.unit)
        return right(self, weight, delta)

    patch.setattr(Laws, "passed_back", turned)


def other_signal(patch: pytest.MonkeyPatch) -> None:
    """α δ δ for α δ a"""
    right = Laws.scaled
    patch.setattr(Laws, "scaled", lambda self, rate, share: right(self, rate, (share[0], share[0])))


@pytest.mark.parametrize("mistake", [swapped, other_signal])
def test_the_check_finds_a_wrong_index(
    mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An equation with a letter of another unit does not pass, although no number is given."""
    assert not any(each.wrong for each in findings(explainer.trace(explainer.load(FOUNDATIONS))))
    mistake(monkeypatch)
    assert any(each.wrong for each in findings(explainer.trace(explainer.load(FOUNDATIONS))))


MENDED = """
(δ₁⁽²⁾ w₁₁⁽²⁾ + δ₂⁽²⁾ w₂₁⁽²⁾)
(δ₁⁽²⁾ w₁₂⁽²⁾ + δ₂⁽²⁾ w₂₂⁽²⁾)
= w₁₂⁽¹⁾ − α δ₁⁽¹⁾ x₂
= w₂₁⁽¹⁾ − α δ₂⁽¹⁾ x₁
= w₁₂⁽²⁾ − α δ₁⁽²⁾ a₂⁽¹⁾
= w₂₁⁽²⁾ − α δ₂⁽²⁾ a₁⁽¹⁾
"""


def test_the_errata_of_the_foundations_are_not_repeated() -> None:
    """Each δ of the first hidden layer has both terms, and each update the δ of the unit that it leads into."""
    page = explainer.render(explainer.explain(explainer.trace(explainer.load(FOUNDATIONS))), "text")
    assert [line for line in MENDED.strip().split("\n") if line not in page] == []


@pytest.mark.parametrize("kind", ["softmax-error", "softmax-deltas", "error", "deltas"])
def test_exercises_in_letters_are_checked(kind: str) -> None:
    """The numbers that the check puts in suit the loss: probabilities for a logarithm, a distribution of targets."""
    found = findings(explainer.trace(explainer.load(PROBLEMS / f"exercise-{kind}.toml", arithmetic="letters")))
    assert [each.wrong for each in found if each.wrong] == []
    assert found[0].held
