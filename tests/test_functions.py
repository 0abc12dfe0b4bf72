"""The registries: every derivative is the derivative, and every function has all that is asked of it."""

from decimal import Decimal
from typing import Any

import pytest
import sympy

from explainer.maths import functions, symbolic
from explainer.maths.losses import LOSSES
from explainer.maths.quantity import Quantity

NET, OUTPUT, TARGET = Quantity("net", 1, 1), Quantity("output", 1, 1), Quantity("target", 1, 1)
Z, OUT, GOAL = sympy.symbols("z o t", real=True)


def expression(formula: Any, **values: Any) -> Any:
    """The SymPy expression of a formula in a net input, an output and a target."""
    leaves = {NET: values.get("z", Z), OUTPUT: values.get("o", OUT), TARGET: values.get("t", GOAL)}
    return symbolic.expression(formula, leaves.__getitem__)


@pytest.mark.parametrize("name", functions.ACTIVATIONS)
def test_each_derivative_is_that_of_its_function(name: str) -> None:
    """The derivative in the form that the page prints is SymPy's derivative of the function, away from kinks."""
    family = functions.ACTIVATIONS[name]
    activation = family.make(**family.defaults)
    value = expression(activation.value(NET))
    printed = expression(activation.derivative(NET, OUTPUT), o=value)
    for point in (sympy.Rational(-7, 3), sympy.Rational(-1, 10), sympy.Rational(1, 7), sympy.Rational(5, 2)):
        difference = (sympy.diff(value, Z) - printed).subs(Z, point)
        assert abs(sympy.N(difference.doit(), 40)) < sympy.Float("1e-35")


@pytest.mark.parametrize("name", functions.ACTIVATIONS)
def test_each_definition_is_its_function(name: str) -> None:
    """What the page writes a function out as is the function."""
    family = functions.ACTIVATIONS[name]
    activation = family.make(**family.defaults)
    if activation.definition is not None:
        value, written = expression(activation.value(NET)), expression(activation.definition(NET))
        for point in (-3, -1, 1, 2):
            assert abs(sympy.N((value - written).subs(Z, point), 40)) < sympy.Float("1e-35")


@pytest.mark.parametrize("outputs", [1, 2, 3, 5])
@pytest.mark.parametrize("name", LOSSES)
def test_each_slope_of_a_loss_is_that_of_its_terms(name: str, outputs: int) -> None:
    """Downhill and uphill, the factors of δ are the derivative of the loss by one output."""
    loss = LOSSES[name]
    whole = expression(loss.factor(outputs)) * expression(loss.term(TARGET, OUTPUT))
    slope = expression(loss.slope(outputs))
    assert sympy.simplify(sympy.diff(whole, OUT) - slope * expression(loss.uphill(TARGET, OUTPUT))) == 0
    assert sympy.simplify(sympy.diff(whole, OUT) + slope * expression(loss.downhill(TARGET, OUTPUT))) == 0


@pytest.mark.parametrize("name", functions.FUNCTIONS)
def test_each_function_has_the_same_value_everywhere(name: str) -> None:
    """In double precision, in decimals and in SymPy a function has one value."""
    function = functions.FUNCTIONS[name]
    slope = ("0.25",) if name.startswith("leaky") else ("0",) if name in ("max", "min") else ()
    lowest = {"ln": 0.1, "sqrt": 0}.get(name, -5)
    for z in (z for z in ("-4.5", "-0.3", "0", "0.7", "12") if float(z) >= lowest):
        arguments = (z, *slope)
        binary = function.binary(*map(float, arguments))
        decimal = function.decimal(*map(Decimal, arguments))
        exact = symbolic.FUNCTIONS[name](*map(sympy.Rational, arguments))
        assert abs(binary - float(decimal)) < 1e-15
        assert abs(Decimal(str(sympy.N(exact, 30))) - decimal) < Decimal("1e-25")
