"""The Python interface: the same pages and numbers as the command, for a reader of Python."""

from decimal import Decimal
from pathlib import Path

import pytest
import sympy

import explainer

LECTURE = Path(__file__).parent.parent / "problems" / "lecture-3-2-1.toml"


@pytest.fixture
def trace() -> explainer.Trace:
    """The lecture's trace."""
    return explainer.trace(explainer.load(LECTURE))


@pytest.mark.parametrize("name", ["delta_5", "δ_5", "δ₅", r"\delta_5", " δ_{5} "])
def test_a_quantity_is_found_however_it_is_typed(trace: explainer.Trace, name: str) -> None:
    """Plain letters, Unicode, subscripts and LaTeX name the same quantity."""
    assert trace[name].value == Decimal("-0.0065")


@pytest.mark.parametrize("name", ["w_14_new", "w_14^new", "w₁₄ⁿᵉʷ", "w_{14}^{new}"])
def test_new_values_are_found_however_they_are_typed(trace: explainer.Trace, name: str) -> None:
    """The mark of a new value may be typed or raised."""
    assert trace[name].value == Decimal("0.192")


def test_an_unknown_name_is_a_key_error_with_near_names(trace: explainer.Trace) -> None:
    """A name that there is not is refused, and a near one suggested."""
    with pytest.raises(KeyError, match=r"delta_[456]"):
        trace["delta_7"]


def test_a_trace_is_iterated_in_the_order_of_the_work(trace: explainer.Trace) -> None:
    """Forward, error, backward, update, check: no step uses a quantity that comes later."""
    phases = [step.phase for step in trace]
    assert list(dict.fromkeys(phases)) == ["forward", "error", "backward", "update", "check"]
    known = {trace.names.typed(quantity) for quantity in trace.given}
    for row in trace.rows():
        assert set(row["operands"]) <= known, row["name"]
        known.add(row["name"])


def test_what_follows_from_a_value_put_in(trace: explainer.Trace) -> None:
    """With o_4 put in as 0.33, what depends on it is worked out anew, and the rest is as it was."""
    other = explainer.trace(trace.problem, overrides={"o_4": "0.33"})
    # net_6 = 0.33 · (−0.3) + 0.525 · (−0.2) + 0.1
    assert other["net_6"].value == Decimal("-0.104")
    assert other["o_4"].put_in
    assert other["o_5"].value == trace["o_5"].value
    page = explainer.render(explainer.explain(other), "text")
    assert "o₄ = 0.33\n" in page
    assert "Put in by hand" in page


def test_a_value_put_in_must_be_a_number_of_a_known_quantity(trace: explainer.Trace) -> None:
    """Neither a word nor an unknown quantity can be put in."""
    with pytest.raises(explainer.ProblemError, match='o_4: found "much", expected a number'):
        explainer.trace(trace.problem, overrides={"o_4": "much"})
    with pytest.raises(explainer.ProblemError, match='no quantity is called "o_9"'):
        explainer.trace(trace.problem, overrides={"o_9": "1"})


def test_a_slice_holds_what_is_needed_and_no_more(trace: explainer.Trace) -> None:
    """The slice of Δw_14 has the forward pass, δ_6 and δ_4, and neither δ_5 nor any other change."""
    names = [step.name for step in trace.only("Δw_14")]
    assert names == ["net_4", "o_4", "net_5", "o_5", "net_6", "o_6", "delta_6", "delta_4", "dw_14"]


@pytest.mark.parametrize("convention", ["lecture", "flat", "aima"])
def test_a_slice_is_the_same_whether_cut_first_or_last(convention: str) -> None:
    """What is worked out for one quantity alone is what the whole trace has of it, and its page is the same."""
    problem = explainer.load(LECTURE, convention=convention)
    whole = explainer.trace(problem)
    for name in [*(step.name for step in whole), *map(whole.names.typed, whole.given)]:
        cut, sliced = explainer.trace(problem, only=name), whole.only(name)
        assert [(step.name, step.value) for step in cut] == [(step.name, step.value) for step in sliced]
        assert explainer.render(explainer.explain(cut)) == explainer.render(explainer.explain(sliced))


def test_what_a_slice_does_not_need_cannot_fail() -> None:
    """A step beyond the range of numbers is no obstacle to the page of a quantity that does not follow from it."""
    layers = [
        {"activation": "linear", "weights": [[10**12] * 3]},
        *[{"activation": "linear", "weights": [[10**12]]}] * 8,
    ]
    network = {"inputs": 3, "layers": layers}
    far = explainer.load(LECTURE, arithmetic="float", settings={"network": network})
    with pytest.raises(explainer.ProblemError, match="beyond the range"):
        explainer.trace(far)
    assert [step.name for step in explainer.trace(far, only=["o_4"])] == ["net_4", "o_4"]


def test_every_name_that_a_slice_cannot_be_cut_for_is_told() -> None:
    """Of several names that are none, each is answered with near ones."""
    with pytest.raises(explainer.ProblemError) as refused:
        explainer.trace(explainer.load(LECTURE), only=["o_44", "o_4", "w_41"])
    assert [str(fault) for fault in refused.value.faults] == [
        '--only: no quantity is called "o_44" (did you mean "o_4"?)',
        '--only: no quantity is called "w_41" (did you mean "w_14"?)',
    ]


def test_the_slice_of_a_value_put_in_stops_there(trace: explainer.Trace) -> None:
    """What a value put in would have been worked out from is not needed."""
    other = explainer.trace(trace.problem, overrides={"o_4": "0.33"})
    assert "net_4" not in [step.name for step in other.only("o_6")]


def test_every_step_gives_its_formula_to_sympy() -> None:
    """Evaluated at the values of its operands, each expression gives the value of its step."""
    trace = explainer.trace(explainer.load(LECTURE, arithmetic="float"))
    values = {trace.names.typed(quantity): trace.value(quantity) for quantity in trace.given}
    for step in trace:
        at = {symbol: values[symbol.name] for symbol in step.expression.free_symbols}
        assert abs(float(step.expression.subs(at)) - step.value) < 1e-12
        values[step.name] = step.value


def test_an_expression_keeps_its_names(trace: explainer.Trace) -> None:
    """The symbols of an expression are called as quantities are typed."""
    eta, delta, x = sympy.symbols("eta delta_4 x_1", real=True)
    assert trace["dw_14"].expression == eta * delta * x


def test_pages_show_themselves_in_a_notebook(trace: explainer.Trace) -> None:
    """A page and a trace have the representation that a notebook asks for."""
    page = explainer.explain(trace)
    assert page._repr_markdown_() == explainer.render(page, "markdown") == trace._repr_markdown_()


def test_options_are_those_of_the_command(trace: explainer.Trace) -> None:
    """Convention, detail, arithmetic, decimals, language and settings can be given at every stage."""
    problem = explainer.load(LECTURE, convention="mitchell", decimals=2, settings={"title": "Mine"})
    assert problem.presentation.convention == "mitchell"
    assert problem.title == "Mine"
    assert explainer.trace(problem)["o_4"].value == Decimal("0.33")
    brief = explainer.render(explainer.explain(trace, detail="brief", language="en"), "text")
    assert "(1)(0.2)" not in brief
    assert "(1)(0.2)" in explainer.render(explainer.explain(trace, detail="standard"), "text")
    with pytest.raises(TypeError, match="no option is called 'decimal'"):
        explainer.trace(problem, decimal=3)


def test_the_same_problem_gives_the_same_bytes(trace: explainer.Trace) -> None:
    """A page depends on nothing but its problem."""
    again = explainer.trace(explainer.loads(LECTURE.read_text(encoding="utf-8")))
    for kind in ("markdown", "latex", "text"):
        assert explainer.render(explainer.explain(again), kind) == explainer.render(explainer.explain(trace), kind)
