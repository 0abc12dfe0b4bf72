"""Settings: single fields of a problem, put in with --set or with an option."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command import PROBLEM, run
from hypothesis import given, settings
from hypothesis import strategies as st

import explainer
from explainer.problem.settings import setting


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An own folder with a problem, to work in."""
    (tmp_path / "problem.toml").write_text(PROBLEM, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("training.learning_rate=0.50", ("training.learning_rate", Decimal("0.50"))),
        ("samples[0].inputs=[1, 0.5, -1]", ("samples[0].inputs", [1, Decimal("0.5"), -1])),
        ("title=A title of words", ("title", "A title of words")),
        ('title="A title in quotes"', ("title", "A title in quotes")),
        ("title=", ("title", "")),
        ("title=a=b", ("title", "a=b")),
        ("title=1\nsource=2", ("title", "1\nsource=2")),
        (" presentation.detail = brief ", ("presentation.detail", "brief")),
        ("numbers.trailing_zeros=true", ("numbers.trailing_zeros", True)),
        ("network.layers[0].activation={ name = 'relu' }", ("network.layers[0].activation", {"name": "relu"})),
    ],
)
def test_a_value_is_read_as_in_a_file_or_else_as_text(assignment: str, expected: tuple[str, Any]) -> None:
    """What follows the = is what could stand in the file, or words without quotes."""
    found = setting(assignment)
    assert found == expected
    assert str(found[1]) == str(expected[1])


@pytest.mark.parametrize(
    ("assignments", "name", "value"),
    [
        (["training.learning_rate=0.5"], "eta", "0.5"),
        (["samples[0].inputs=[1,1,1]"], "x_2", "1"),
        (["samples[0].inputs[1]=0.25"], "x_2", "0.25"),
        (["network.layers[0].weights[1][2]=7"], "w_35", "7"),
        (["training.learning_rate=0.5", "training.learning_rate=0.25"], "eta", "0.25"),
    ],
)
def test_a_field_set_is_the_field_used(assignments: list[str], name: str, value: str) -> None:
    """Any field, down to a single weight, can be set; the last setting of a field counts."""
    problem = explainer.load("problem.toml", settings=dict(map(setting, assignments)))
    trace = explainer.trace(problem)
    assert str(trace.given[trace.find(name)]) == value
    page = run("explain", "problem.toml", *(word for each in assignments for word in ("--set", each)))
    assert page.status == 0
    assert page.out == explainer.render(explainer.explain(trace))


def test_a_setting_in_a_table_that_the_file_lacks_makes_the_table() -> None:
    """A file without [numbers] can be given its places all the same."""
    problem = explainer.load("problem.toml", settings=dict([setting("numbers.places.delta=2")]))
    trace = explainer.trace(problem)
    assert abs(trace["delta_6"].value.as_tuple().exponent) <= 2
    assert run("trace", "problem.toml", "--set", "numbers.places.delta=2").status == 0


@pytest.mark.parametrize(
    ("first", "second"), [("decimals", "significant"), ("significant", "decimals")]
)  # fmt: skip
def test_decimals_and_significant_figures_replace_each_other(first: str, second: str) -> None:
    """Setting one of the two ways of rounding takes the place of the other one in the file."""
    Path("problem.toml").write_text(f"{PROBLEM}[numbers]\n{first} = 2\n", encoding="utf-8")
    problem = explainer.load("problem.toml", settings={f"numbers.{second}": 5})
    assert (problem.numbers.rounding.kind, problem.numbers.rounding.places) == (second, 5)


def test_the_option_decimals_replaces_all_rounding_of_the_file() -> None:
    """--decimals 2 holds for every result, whatever the file has for single roles."""
    Path("problem.toml").write_text(f"{PROBLEM}[numbers]\nsignificant = 6\n[numbers.places]\ndelta = 8\n", "utf-8")
    problem = explainer.load("problem.toml", decimals=2)
    assert (problem.numbers.rounding.kind, problem.numbers.rounding.places) == ("decimals", 2)
    assert not problem.numbers.exceptions


def test_settings_leave_the_problem_as_it_was() -> None:
    """A problem traced with other settings is not changed by that."""
    problem = explainer.load("problem.toml")
    before = str(problem)
    explainer.trace(problem, settings={"samples[0].inputs[0]": 5, "numbers.places.delta": 2})
    assert str(problem) == before


def test_names_with_marks_are_set_in_quotes() -> None:
    """A key with dots or brackets in it, such as a quantity's name, is written in quotes."""
    settings = dict([setting('published."o_4"=0.3'), setting('numbers.places."check.net"=2')])
    problem = explainer.load("problem.toml", settings=settings)
    assert problem.published == {"o_4": (Decimal("0.3"),)}
    assert list(problem.numbers.exceptions) == ["check.net"]


@settings(deadline=None)
@given(st.text(), st.text())
def test_no_setting_ends_in_an_exception(key: str, value: str) -> None:
    """Whatever stands on either side of the =, the answer is a problem or faults of one line each."""
    lines = []
    try:
        explainer.loads(PROBLEM, settings=dict([setting(f"{key}={value}")]))
    except explainer.ProblemError as error:
        lines = error.lines()
    assert all(line.isprintable() for line in lines)
