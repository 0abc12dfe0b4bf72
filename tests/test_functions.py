"""The registries: every derivative is the derivative, and every function has one value wherever it is worked out."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath
import pytest
import sympy

from explainer.maths import symbolic
from explainer.maths.activations import ACTIVATIONS, Activation
from explainer.maths.arithmetic import PRINTED
from explainer.maths.formula import Constant
from explainer.maths.functions import FUNCTIONS
from explainer.maths.losses import LOSSES, Loss
from explainer.maths.parameters import Family
from explainer.maths.quantity import Quantity

NET, OUTPUT, TARGET = Quantity("net", 1, 1), Quantity("output", 1, 1), Quantity("target", 1, 1)
Z, OUT, GOAL = sympy.symbols("z o t", real=True)
POINTS = [sympy.Rational(point) for point in ("-7/3", "-1/10", "1/7", "5/2")]
NOTHING = sympy.Float("1e-35")

OTHERS = {"slope": Decimal("0.25"), "alpha": Decimal("0.5"), "width": Decimal("1.5"), "over": "samples"}
"""Values of the parameters that are not the usual ones."""


def expression(formula: Any, **values: Any) -> Any:
    """The SymPy expression of a formula in a net input, an output and a target."""
    leaves = {NET: values.get("z", Z), OUTPUT: values.get("o", OUT), TARGET: values.get("t", GOAL)}
    return symbolic.expression(formula, leaves.__getitem__)


def made(family: Family) -> list[Any]:
    """What a family makes of the usual parameters, and of others."""
    make: Callable[..., Any] = family.make  # type: ignore[attr-defined]
    return [make(**family.defaults), make(**{name: OTHERS[name] for name in family.parameters})]


def near(left: Any, right: Any) -> bool:
    """Whether two SymPy numbers are the same to 35 digits."""
    return bool(abs(sympy.N(left - right, 50, maxn=200)) < NOTHING)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_each_derivative_is_that_of_its_function(name: str) -> None:
    """A derivative in the form that the page prints, and written out, is SymPy's derivative, away from kinks."""
    for function in made(ACTIVATIONS[name]):
        assert isinstance(function, Activation)
        value = expression(function.value(NET))
        forms = [function, *([function.spelled] if function.spelled else [])]
        for form in forms:
            printed = expression(form.derivative(NET, OUTPUT), o=value)
            for point in POINTS:
                assert near(sympy.diff(value, Z).subs(Z, point).doit(), printed.subs(Z, point))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_each_definition_is_its_function(name: str) -> None:
    """What the page writes a function out as is the function, at its kinks too."""
    for function in made(ACTIVATIONS[name]):
        if function.definition is not None:
            value, written = expression(function.value(NET)), expression(function.definition(NET))
            for point in (-3, -1, 0, 1, 2):
                assert near(value.subs(Z, point), written.subs(Z, point))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_at_a_kink_the_slope_is_that_from_the_left(name: str) -> None:
    """Where a function has no derivative, the page uses the one just left of it; at a joint both sides agree."""
    for function in made(ACTIVATIONS[name]):
        slope = sympy.diff(expression(function.value(NET)), Z)
        for point in (*function.kinks, *function.joints):
            here, hair = sympy.Rational(str(point)), sympy.Rational(1, 10**40)
            left, right = (slope.subs(Z, here + side * hair).doit() for side in (-1, 1))
            assert near(expression(function.derivative(NET, OUTPUT)).subs(Z, here), left)
            assert near(left, right) is (point not in function.kinks or name == "step")


@pytest.mark.parametrize("outputs", [1, 2, 3, 5])
@pytest.mark.parametrize("name", LOSSES)
def test_each_slope_of_a_loss_is_its_derivative(name: str, outputs: int) -> None:
    """Downhill and uphill, the factors of δ are SymPy's derivative of the whole loss by one output."""
    others = [(Quantity("target", 1, unit), Quantity("output", 1, unit)) for unit in range(2, outputs + 1)]
    known = {quantity: sympy.Rational(1, 3) for pair in others for quantity in pair}
    for loss in made(LOSSES[name]):
        assert isinstance(loss, Loss)
        for samples in (1, 4):
            pairs = ((TARGET, OUTPUT), *others)
            forms = [loss.value(pairs, samples), loss.definition(pairs, samples) or loss.value(pairs, samples)]
            slope = expression(loss.slope(outputs, samples))
            up, down = (slope * expression(form(TARGET, OUTPUT)) for form in (loss.uphill, loss.downhill))
            for form in forms:
                whole = symbolic.expression(form, lambda it: {OUTPUT: OUT, TARGET: GOAL, **known}[it])
                for place in ({OUT: 0.75, GOAL: -1}, {OUT: 0.25, GOAL: 1}, {OUT: 0.5, GOAL: 3}):
                    exact = {symbol: sympy.Rational(str(value)) for symbol, value in place.items()}
                    right = sympy.diff(whole, OUT).subs(exact).doit()
                    assert near(right, up.subs(exact))
                    assert near(right, -down.subs(exact))


@pytest.mark.parametrize("name", [name for name, family in LOSSES.items() if family.make(**family.defaults).matched])
def test_a_matched_pair_comes_to_the_difference(name: str) -> None:
    """With its activation, a matched loss has −∂E/∂net = t − o, as SymPy simplifies the long way."""
    loss = LOSSES[name].make()
    if loss.matched != "sigmoid":
        return
    slope = ACTIVATIONS[loss.matched].make().derivative(NET, OUTPUT)
    assert sympy.simplify(expression(slope) * expression(loss.downhill(TARGET, OUTPUT)) - (GOAL - OUT)) == 0


ARGUMENTS = {"leaky-relu": "0.25", "elu": "0.5", "huber": "1.5", "max": "0", "min": "0", "softmax": "1.5"}
"""The second argument of a function that has one."""

EVERYWHERE = (
    "-24.5",
    "-7.25",
    "-3.01",
    "-2.99",
    "-0.7",
    "-1e-9",
    "0",
    "3e-12",
    "0.31",
    "1.5",
    "2.5",
    "36",
    "300",
)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if not name.startswith("root")])
def test_each_function_has_the_same_value_everywhere(name: str) -> None:
    """In decimals a function has mpmath's value to 38 digits, in double precision to 13, also far out and near 0."""
    function = FUNCTIONS[name]
    second = [ARGUMENTS[plain]] if (plain := name.removesuffix("'")) in ARGUMENTS else []
    for point in EVERYWHERE:
        if name in ("ln", "sqrt") and Decimal(point) <= 0:
            continue
        arguments = (point, *second)
        decimal = function.decimal(*map(Decimal, arguments))
        with mpmath.workdps(900):
            exact = Decimal(mpmath.nstr(value(name, *arguments), 50))
        assert abs(decimal - exact) <= Decimal("1e-38") * abs(exact) + Decimal("1e-890")  # where 900 digits make 0
        binary = function.binary(*map(float, arguments))
        assert abs(Decimal(binary) - exact) <= Decimal("1e-13") * abs(exact) + Decimal("1e-300")


def value(name: str, *arguments: Any) -> Any:
    """A function of SymPy at a point, worked out by mpmath."""
    symbols = sympy.symbols(f"x:{len(arguments)}", real=True)
    worked = sympy.lambdify(symbols, symbolic.FUNCTIONS[name](*symbols), "mpmath")
    return worked(*map(mpmath.mpf, arguments))


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name.startswith("root")])
def test_each_constant_has_its_value(name: str) -> None:
    """√(2π) and √(2/π) are SymPy's."""
    exact = symbolic.FUNCTIONS[name]()
    assert abs(FUNCTIONS[name].decimal() - Decimal(str(sympy.N(exact, 60)))) < Decimal("1e-38")
    assert abs(FUNCTIONS[name].binary() - float(exact)) < 1e-15


@pytest.mark.parametrize("name", [name for name, function in FUNCTIONS.items() if function.definition])
def test_each_named_function_is_what_it_is_written_out_as(name: str) -> None:
    """What the page says that a sign such as φ or H stands for is what its values are."""
    function = FUNCTIONS[name]
    width = Decimal("1.5")
    more = (width,) if name.startswith("huber") else ()
    for point in ("-4", "-1.5", "-0.7", "0", "0.3", "1.5", "9"):
        written = function.definition(NET, *map(Constant, more))  # type: ignore[misc]
        worked = PRINTED.evaluate(written, lambda _, z=point: Decimal(z), "")  # type: ignore[misc]
        direct = function.decimal(Decimal(point), *more)
        assert abs(worked - direct) <= Decimal("1e-36") * max(abs(direct), Decimal("1e-9"))


@pytest.mark.parametrize("name", [name for name, function in FUNCTIONS.items() if function.turns])
def test_a_function_turns_where_it_says(name: str) -> None:
    """Between its turns a function only rises or only falls, and at each it changes from one to the other."""
    function = FUNCTIONS[name]
    more = (Fraction(3, 2),) if name == "huber" else ()
    step = Decimal("0.05")
    for turn in function.turns:
        values = [function.binary(float(turn + side * step), *map(float, more)) for side in (-1, 0, 1)]
        assert (values[0] < values[1]) is (values[2] < values[1])
    stops = [Decimal(-20), *function.turns, Decimal(20)]
    for low, high in pairwise(stops):
        points = [low + (high - low) * index / 200 for index in range(201)]
        values = [function.binary(float(point), *map(float, more)) for point in points]
        rises = [later - earlier for earlier, later in pairwise(values)]
        assert all(rise >= -1e-15 for rise in rises) or all(rise <= 1e-15 for rise in rises)
