"""Derivatives rule by rule: each line is the derivative, by SymPy and by differences, and reads as in a textbook."""

from decimal import Decimal
from fractions import Fraction

import pytest
import sympy
from formulas import POINTS, SLOPE, Z, formulas, near, symbolic, value
from hypothesis import HealthCheck, assume, given, settings

from explainer.maths.arithmetic import PRINTED
from explainer.maths.differentiation import SLOPES, derivative
from explainer.maths.formula import Call, Constant, Formula, Letter, put_in
from explainer.maths.grammar import parsed
from explainer.publish.text import TextPrinter

PRINTER = TextPrinter()
STEP = Decimal("1e-13")
POINT = {float(point): Fraction(point.p, point.q) for point in POINTS}


def at(formula: Formula, point: Decimal) -> Decimal:
    """The value of a formula with these numbers for z and b, to forty digits."""
    numbers = {"z": Constant(point), "b": Constant(Fraction(SLOPE.p, SLOPE.q))}
    return Decimal(PRINTED.evaluate(put_in(formula, numbers), dict[object, Decimal]().__getitem__, ""))


def shown(text: str) -> list[str]:
    """The lines of the derivative of a formula, as plain text."""
    return [PRINTER.unbroken(line, lambda _: None) for line in derivative(parsed(text, ("z", "b"))).lines]  # type: ignore[arg-type,return-value]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(formulas)
def test_each_line_is_the_derivative_by_sympy(formula: Formula) -> None:
    """Whatever the formula, SymPy's derivative has the value of every line, wherever both are smooth."""
    whole = symbolic(formula)
    assume(not whole.has(sympy.nan, sympy.zoo))
    right = sympy.diff(whole, Z)
    lines = [symbolic(line) for line in derivative(formula).lines]
    for point in POINTS[:3]:
        wanted = value(right, point)
        if wanted is not None:
            found = [value(line, point) for line in lines]
            assert all(each is None or near(wanted, each) for each in found), (point, wanted, found)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(formulas)
def test_the_derivative_is_the_limit_of_differences(formula: Formula) -> None:
    """Whatever the formula, its derivative is what (f(z + h) − f(z − h)) / 2h comes to."""
    slope = derivative(formula).result
    for point in map(Decimal, ("-1.7", "-0.3", "0.31", "1.1")):
        try:
            found, before, after = at(slope, point), at(formula, point - STEP), at(formula, point + STEP)
            wanted = (after - before) / (2 * STEP)
            curved = at(slope, point - STEP) - at(slope, point + STEP)
        except ArithmeticError:
            continue
        numbers = (found, before, after, curved)
        if all(each.is_finite() and each.copy_abs() < 1e9 for each in numbers) and curved.copy_abs() < 1e-6:
            assert abs(found - wanted) <= Decimal("1e-9") * max(1, abs(wanted)), (point, found, wanted)


@pytest.mark.parametrize("name", SLOPES)
def test_the_slope_of_each_function_is_its_derivative(name: str) -> None:
    """The derivative in the table of functions is SymPy's."""
    letter = Letter("z")
    right = sympy.diff(symbolic(Call(name, (letter,))), Z)
    for point in POINTS[2:]:
        assert near(value(right, point), value(symbolic(SLOPES[name](letter)), point))


@pytest.mark.parametrize(
    ("formula", "lines"),
    [
        # the textbook forms: Stewart, Calculus, chapter 3
        ("3 z^4 - 2 z + 7", ["12 z³ − 2"]),
        ("z e^z", ["(z)′ e^z + z(e^z)′", "e^z + z e^z"]),
        ("z / (1 + z)", ["((z)′(1 + z) − z(1 + z)′)/(1 + z)²", "1/(1 + z)²"]),
        ("(1 + z^2)^3", ["3(1 + z²)²(1 + z²)′", "6 z(1 + z²)²"]),
        ("1 / z", ["−1/z²"]),
        ("e^(-b z)", ["−b e^(−b z)"]),
        (
            "z / (1 + exp(-z))",
            ["((z)′[1 + e^(−z)] − z[1 + e^(−z)]′)/[1 + e^(−z)]²", "(1 + e^(−z) + z e^(−z))/[1 + e^(−z)]²"],
        ),
        ("(z + 1)(z - 1)", ["(z + 1)′(z − 1) + (z + 1)(z − 1)′", "2 z"]),
        (
            "z / (1 + abs(z))",
            ["((z)′(1 + |z|) − z(1 + |z|)′)/(1 + |z|)²", "(1 + |z| − z sign(z))/(1 + |z|)²", "1/(1 + |z|)²"],
        ),
        (
            "z / sqrt(z^2 + 1)",
            [
                "((z)′ √(z² + 1) − z[√(z² + 1)]′)/(z² + 1)",
                "(√(z² + 1) − (z(z² + 1)′)/(2 √(z² + 1)))/(z² + 1)",
                "(√(z² + 1) − z²/√(z² + 1))/(z² + 1)",
            ],
        ),
        ("0.20 z", ["0.20"]),
        ("1/2 * z^2", ["z"]),
    ],
)
def test_derivatives_read_as_in_a_textbook(formula: str, lines: list[str]) -> None:
    """Zeros and ones are gone, signs joined, like terms collected; each line has one more rule worked."""
    assert shown(formula) == lines


@pytest.mark.parametrize(
    ("formula", "rules"),
    [
        ("2 z + 1", ("sum", "factor", "variable")),
        ("z exp(-z)", ("product", "chain")),
        ("z / (1 + exp(-z))", ("quotient", "chain")),
        ("tanh(z)", ("function",)),
        ("z abs(z)", ("product", "function", "size")),
        ("(1 + z)^2 - z^3", ("chain", "power")),
    ],
)
def test_the_rules_are_named(formula: str, rules: tuple[str, ...]) -> None:
    """A derivative says which rules led to it, simple ones only where there are no others."""
    assert derivative(parsed(formula, ("z",))).rules == rules


def test_numbers_are_exact() -> None:
    """A factor of many digits comes into the derivative whole."""
    found = derivative(parsed("0.123456789012345678 (z + 2.0000000000000001 z)", ("z",))).result
    assert isinstance(found, Constant)
    assert Fraction(found.value) == Fraction("0.123456789012345678") * Fraction("3.0000000000000001")
