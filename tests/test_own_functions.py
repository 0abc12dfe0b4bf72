"""Functions of one's own: worked like any other, derived on the page, and refused where they are none."""
# ruff: noqa: E501 (a message is one line)

import math
import re
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest

import explainer
from explainer.check.report import report
from explainer.maths.activations import ACTIVATIONS
from explainer.publish.formats import FORMATS

PROBLEM = """
[network]
inputs = 2
{functions}
[[network.layers]]
activation = {hidden}
weights = [[0.5, -0.4], [0.3, 0.8]]
biases = [0.1, -0.2]
[[network.layers]]
activation = {output}
weights = [[0.7, -0.6]]
biases = [0.2]
[[samples]]
inputs = [1, 0.5]
targets = [1]
[training]
learning_rate = 0.5
"""

SWISH = """
[functions.swish]
formula = "z / (1 + exp(-b z))"
parameters = { b = 1.5 }
"""


def problem(hidden: str = '"swish"', output: str = '"sigmoid"', functions: str = SWISH, **settings: Any) -> Any:
    """A problem with these activations, as TOML writes them."""
    text = PROBLEM.format(hidden=hidden, output=output, functions=functions)
    return explainer.loads(text, settings={key.replace("__", "."): value for key, value in settings.items()})


def page(given: Any, markup: str = "text") -> str:
    """The page of a problem, each paragraph on one line."""
    rendered = explainer.render(explainer.explain(explainer.trace(given)), markup)
    return re.sub(r"(?<=\S)\n +(?=\S)", " ", rendered) if markup == "text" else rendered


def said(hidden: str = '"swish"', output: str = '"sigmoid"', functions: str = SWISH) -> list[str]:
    """What is said of a problem that is at fault, when it is read or when it is worked out."""
    with pytest.raises(explainer.ProblemError) as caught:
        explainer.trace(problem(hidden, output, functions))
    return caught.value.lines()


FORMULAS = {
    "sigmoid": "1 / (1 + e^-z)",
    "tanh": "(e^z - e^-z) / (e^z + e^-z)",
    "relu": "max(0, z)",
    "leaky-relu": "max(0.01 z, z)",
    "linear": "z",
}
"""The formula of some activations of the registry."""


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_does_what_the_activation_of_the_registry_does(name: str) -> None:
    """Typed as a formula, sigmoid and the others give the numbers that they give by name."""
    assert name in ACTIVATIONS
    by_name = explainer.trace(problem(f'"{name}"', f'"{name}"', "", numbers__arithmetic="float"))
    by_formula = explainer.trace(problem(*(f'"{FORMULAS[name]}"',) * 2, "", numbers__arithmetic="float"))
    assert len(by_name) == len(by_formula)
    for ours, theirs in zip(by_formula, by_name, strict=True):
        assert ours.name == theirs.name
        assert math.isclose(ours.value, theirs.value, rel_tol=1e-12, abs_tol=1e-14)


OWN = [
    "z / (1 + exp(-z))",
    "z / (1 + abs(z))",
    "ln(1 + e^z)",
    "sqrt(z^2 + 1) - 1",
    "0.5 z (1 + tanh(0.7978845608 (z + 0.044715 z^3)))",
    "max(0.1 z, z) + 1/2 * z^2",
    "min(max(0, z), 6)",
    "z tanh(ln(1 + e^z))",
    "-z^3 / 3 + z^-2",
    "σ(2 z) − ½",
    "relu(z)^2 exp(-z)",
]


@pytest.mark.parametrize("arithmetic", ["decimal", "float"])
@pytest.mark.parametrize("formula", OWN)
def test_everything_printed_of_an_own_function_is_true(formula: str, arithmetic: str) -> None:
    """Every equality, gradient and δ of a page with any function holds, and its derivative is SymPy's."""
    for convention in ("lecture", "layered"):
        given = problem(f'"{formula}"', numbers__arithmetic=arithmetic, presentation__convention=convention)
        trace = explainer.trace(given)
        text, holds = report(trace, formula)
        assert holds, text
        assert re.search(r"own functions +2 held +ok", text)  # swish is checked too, which no layer has
        assert re.search(r"gradients +9 held", text)
        for markup in FORMATS:
            assert explainer.render(explainer.explain(trace), markup)


def test_the_page_states_the_function_and_derives_its_derivative() -> None:
    """The definition with its parameter, the derivative rule by rule, and the δ worked with the numbers put in."""
    text = page(problem())
    assert "2 hidden units with the activation function swish" in text.replace("\n", " ")
    assert "swish(z) = z/(1 + e^(−b z)) with b = 1.5" in text
    assert "The derivative of swish, by the quotient rule and the chain rule:" in text
    assert "((z)′[1 + e^(−b z)] − z[1 + e^(−b z)]′)/[1 + e^(−b z)]²" in text
    assert "= (1 + e^(−b z) + b z e^(−b z))/[1 + e^(−b z)]²" in text
    assert "o₃ = swish(net₃) = net₃/(1 + e^(−1.5 net₃))" in text
    assert "swish′(net₃) = (1 + e^(−1.5 net₃) + 1.5 net₃ e^(−1.5 net₃))/[1 + e^(−1.5 net₃)]²" in text
    assert re.search(r"δ₃ += swish′\(net₃\) · w₃₅ δ₅", text)


def test_one_function_has_one_sign_and_several_have_several() -> None:
    """A function without a name is f; two different ones are f₁ and f₂; one on two layers is derived once."""
    same = page(problem('"z^2"', '"z^2"', ""))
    assert "f(net₃)" in same
    assert "f₁" not in same
    assert same.count("The derivative of f") == 1
    other = page(problem('"z^2"', '"z^3"', ""))
    assert "o₃ = f₁(net₃) = net₃²" in other
    assert "The derivative of f₂, by the power rule:" in other


def test_a_derivative_may_have_a_form_of_its_own() -> None:
    """A derivative in the output is used, after the one by the rules."""
    own = '{ formula = "(e^z - e^-z) / (e^z + e^-z)", derivative = "1 - o^2", sign = "th" }'
    text = page(problem(own))
    assert "= 1 − o²" in text
    assert "Here o = th(z)." in text
    assert "δ₃ = th′(net₃) · w₃₅ δ₅ = (1 − o₃²) w₃₅ δ₅" in text


def test_a_slice_has_what_the_derivative_refers_to() -> None:
    """The page of one δ holds the output that its derivative is written in."""
    trace = explainer.trace(problem('{ formula = "tanh(z)", derivative = "1 - o^2" }'))
    assert "o_3" in [step.name for step in trace.only("delta_3")]


def test_the_slope_at_a_kink_is_stated() -> None:
    """Where two branches meet, the page says so, and which slope it uses."""
    given = problem('"max(0, z - 0.4)"', functions="")
    assert "net₃ = 0.4 lies where two branches of the activation function meet" in page(given).replace("\n", " ")
    assert report(explainer.trace(given), "")[1]


@pytest.mark.parametrize(
    ("hidden", "lines"),
    [
        (
            '"z / (1 + )"',
            ['network.layers[0].activation: found ")" where a number, z or a function was expected', "  z / (1 + )", "           ^"],
        ),
        ('"swis"', ['network.layers[0].activation: unknown activation "swis" (did you mean "swish"?)']),
        ('"5"', ["network.layers[0].activation: z is not in it: the output would be the same for every net input"]),
        ('{ formula = "c z" }', ['network.layers[0].activation.formula: unknown name "c" (expected one of: z, exp, sqrt, √, ln, log, tanh, sigmoid, σ, relu, abs, max, min)', "  c z", "  ^"]),
        ('{ formula = "z", parameters = { c = 1 } }', ["network.layers[0].activation.parameters.c: the formula has no such letter"]),
        ('{ formula = "z", parameters = { exp = 1 } }', ["network.layers[0].activation.parameters.exp: exp has a meaning of its own in a formula; choose another letter"]),
        ('{ formula = "z", parameters = { "b+" = 1 } }', ["network.layers[0].activation.parameters.b+: found a name that is no letter; expected one such as b, beta, β or b_1"]),
        ('{ formula = "z", sign = "f(" }', ['network.layers[0].activation.sign: found "f(", expected letters, such as f, with a digit if need be, such as f_1']),
        ('{ formula = "z^2", sign = "swish" }', ['network.layers[0].activation.sign: the sign "swish" is that of functions.swish; give each its own']),
        ('{ formula = "z", slope = 0.1 }', ["network.layers[0].activation.slope: has no place here; the letters of a formula are given as its parameters"]),
        ('{ formula = "z", name = "relu" }', ["network.layers[0].activation: found name and formula, expected one of them"]),
        ('{ sign = "f" }', ["network.layers[0].activation.name: missing; expected a name, or a formula in its place", "network.layers[0].activation.sign: has no place here; the letters of a formula are given as its parameters"]),
        ('{ formula = "exp(2 z)", derivative = "o" }', ["network.layers[0].activation.derivative: not the derivative of the formula: at z = 0.3 it is 1.82212, not 3.64424"]),
        ('{ formula = "z", derivative = "1 +" }', ["network.layers[0].activation.derivative: found the end where a number, z, o or a function was expected", "  1 +", "     ^"]),
        # without a value
        ('"ln(z - 1)"', ["o_3: the logarithm of a negative number, because net_3 is 0.4; f has no value there; change what goes in, or its formula"]),
        ('"sqrt(z - 1)"', ["o_3: the square root of a negative number, because net_3 is 0.4; f has no value there; change what goes in, or its formula"]),
        ('"1 / (z - 0.4)"', ["o_3: a division by 0, because net_3 is 0.4; f has no value there; change what goes in, or its formula"]),
        ('"1 / (1 + 1 / (z - 0.4))"', ["o_3: a division by 0, because net_3 is 0.4; f has no value there; change what goes in, or its formula"]),
        ('"1 / ln(z - 0.4)"', ["o_3: the logarithm of 0, because net_3 is 0.4; f has no value there; change what goes in, or its formula"]),
        ('"sqrt(z - 0.4)"', ["delta_3: a division by 0, because net_3 is 0.4; f′ has no value there; change what goes in, or its formula"]),
        ('"exp(100000000 z)"', ["o_3: its value is beyond the range of numbers; use smaller weights, inputs or a smaller learning rate"]),
    ],
)  # fmt: skip
def test_what_is_no_function_is_refused(hidden: str, lines: list[str]) -> None:
    """Each fault names its place, what was found and what was expected, with a caret where a formula cannot be read."""
    assert said(hidden) == lines


@pytest.mark.parametrize("formula", ["ln(z - 1)", "1 / (z - 0.4)", "sqrt(z - 1)", "1 / (1 + 1 / (z - 0.4))"])
def test_double_precision_says_the_same(formula: str) -> None:
    """A function that has no value somewhere is refused in the same words in double precision."""
    by_hand = said(f'"{formula}"')
    with pytest.raises(explainer.ProblemError) as caught:
        explainer.trace(problem(f'"{formula.replace("0.4", "0.25")}"', numbers__arithmetic="float", samples=EXACT))
    assert caught.value.lines() == [line.replace("0.4;", "0.25;") for line in by_hand]


EXACT = [{"inputs": [Decimal("0.5"), Decimal("0.25")], "targets": [1]}]
"""Inputs with which net_3 is a quarter, to the last bit."""


@pytest.mark.parametrize(
    ("functions", "line"),
    [
        ('[functions.tanh]\nformula = "z"\n', "functions.tanh: there is an activation of this name already; choose another"),
        ('[functions.my-own]\nformula = "z"\n', "functions.my-own.sign: missing; the page needs letters, such as f, with a digit if need be, such as f_1"),
        ("[functions.g]\n", "functions.g.formula: missing; expected text"),
        ('[functions.g]\nformula = 3\n', "functions.g.formula: found 3, expected text"),
        ('[functions.g]\nformula = "z"\nslope = 1\n', "functions.g.slope: unknown key (expected one of: formula, parameters, derivative, sign)"),
    ],
)  # fmt: skip
def test_a_named_function_is_checked_even_if_no_layer_uses_it(functions: str, line: str) -> None:
    """What is wrong in a table of functions is said with its name."""
    assert said('"linear"', functions=functions) == [line]


def test_a_long_formula_is_shown_around_the_place() -> None:
    """Of a long formula only what is around the fault is shown, with the caret under the place."""
    _, shown, caret = said('"' + "z + " * 60 + "sin(z)" + " + z" * 60 + '"')
    assert shown[caret.index("^") :].startswith("sin(z)")
    assert len(shown) < 130


def test_faults_of_two_functions_come_together() -> None:
    """Every formula that cannot be read is shown, each with its own caret."""
    assert said('"z +"', '"(z"') == [
        "network.layers[0].activation: found the end where a number, z or a function was expected",
        "  z +",
        "     ^",
        'network.layers[1].activation: found the end where ")" was expected',
        "  (z",
        "    ^",
    ]


def test_an_unprintable_formula_is_shown_printably() -> None:
    """Signs that cannot be seen are spelled out, and the caret stays under its place."""
    lines = said(r'"z \u001b[31m + 1"')
    assert all(line.isprintable() for line in lines)
    assert lines[1][lines[2].index("^") :].startswith("\\x1b")


def test_nothing_of_a_formula_is_executed() -> None:
    """What would be a program in Python is no formula."""
    for text in ("__import__('os').system('x')", "z.__class__", "[z for z in z]", "lambda z: z", "exec(z)"):
        with pytest.raises(explainer.ProblemError):
            problem(f'"{text}"')


def test_sympy_stays_away_from_the_page() -> None:
    """A page with an own function is made without SymPy."""
    text = PROBLEM.format(hidden='"z^2"', output='"z"', functions="")
    program = f"import sys, explainer\npage = explainer.explain(explainer.trace(explainer.loads({text!r})))\n"
    program += "explainer.render(page)\nassert 'sympy' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
