"""The check finds what is wrong: a law, a function, a rounding or a figure that is not right does not pass."""

import math
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from command import PROBLEM, run

import explainer
from explainer.check.findings import Finding
from explainer.check.report import findings
from explainer.maths import functions
from explainer.maths.arithmetic import DecimalArithmetic, Value
from explainer.maths.formula import Formula, Sum, difference
from explainer.maths.functions import Function
from explainer.trace.derive import Step
from explainer.trace.laws import Laws

PROBLEMS = Path(__file__).parent.parent / "problems"

Patch = pytest.MonkeyPatch


def checked(name: str, **options: str) -> dict[str, Finding]:
    """What the check finds in a problem, by its subject."""
    trace = explainer.trace(explainer.load(PROBLEMS / f"{name}.toml", **options))
    return {each.subject: each for each in findings(trace)}


def wrong_update(patch: Patch) -> None:
    """w − Δw for w + Δw"""
    patch.setattr(Laws, "update", lambda self, parameter, change: difference(parameter, change))


def wrong_sign(patch: Patch) -> None:
    """Δw = −η δ x for +η δ x"""
    patch.setattr(Laws, "downhill", property(lambda self: False))


def one_term(patch: Patch) -> None:
    """The first of the terms of a hidden δ, where it is a sum over all units that are fed."""
    every: Callable[[Step, int, int, int], Formula] = Step.passed_back

    def first(self: Step, layer: int, unit: int, sample: int) -> Formula:
        formula = every(self, layer, unit, sample)
        return formula.terms[0] if isinstance(formula, Sum) else formula

    patch.setattr(Step, "passed_back", first)


@pytest.mark.parametrize("mistake", [wrong_update, wrong_sign, one_term])
def test_a_wrong_law_is_found(mistake: Callable[[Patch], None], monkeypatch: Patch) -> None:
    """A law that is not that of backpropagation fails against the derivatives, whatever the page looks like."""
    assert not any(each.wrong for each in checked("mazur-2-2-2").values())
    mistake(monkeypatch)
    name = "mazur-2-2-2" if mistake is one_term else "byu-2-2-2-2"
    found = checked(name)
    assert found["gradients"].wrong or found["δ"].wrong


def test_a_function_that_is_off_by_a_millionth_is_found(monkeypatch: Patch) -> None:
    """A value carried in full precision is compared with the exact one."""
    right = functions.FUNCTIONS["sigmoid"]
    off = Function("σ", lambda z: right.binary(z) + 1e-6, right.decimal)
    monkeypatch.setitem(functions.FUNCTIONS, "sigmoid", off)  # type: ignore[arg-type]
    assert math.isclose(off.binary(0.0), 0.5, abs_tol=2e-6)
    assert checked("byu-2-2-2-2", detail="brief")["δ"].wrong


def test_a_wrong_rounding_is_found(monkeypatch: Patch) -> None:
    """A result that is not the rounding of the digits before it is an untrue equality."""
    right = DecimalArithmetic.work

    def off(self: DecimalArithmetic, *arguments: object) -> Value:
        return right(self, *arguments) + Decimal("0.001")  # type: ignore[arg-type]

    monkeypatch.setattr(DecimalArithmetic, "work", off)
    assert checked("lecture-3-2-1")["printed equalities"].wrong


@pytest.mark.parametrize(
    ("name", "figure"),
    [("published.o_4", Decimal("0.333")), ("errata.dw_46.right", Decimal("0.0393")), ("errata.o_6.right", "1/(1 + e)")],
)
def test_a_wrong_figure_is_found(name: str, figure: object) -> None:
    """A published figure, or an erratum, that the page does not bear out is named."""
    settings = {name: figure}
    trace = explainer.trace(explainer.load(PROBLEMS / "lecture-3-2-1.toml", settings=settings))
    wrong = [line for each in findings(trace) for line in each.wrong]
    assert len(wrong) == 1
    assert name.split(".")[1] in wrong[0]


def test_figures_are_only_said_to_be_left_out_where_there_are_any(tmp_path: Path) -> None:
    """With another convention, a file without published figures is not told that they do not apply."""
    (tmp_path / "x.toml").write_text(PROBLEM, encoding="utf-8")
    assert "left out" not in run("check", str(tmp_path / "x.toml"), "--convention", "flat").out
    assert "left out: they hold" in run("check", "lecture-3-2-1", "--convention", "flat").out
