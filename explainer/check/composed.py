"""The derivative of the loss by one net input, carried forward through the composed equations. Imports SymPy."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

import sympy

from explainer.maths.formula import Formula, quantities
from explainer.maths.quantity import Quantity
from explainer.maths.symbolic import expression
from explainer.trace.trace import Trace

DIGITS = 34


class Composed:
    """The loss of a trace as a function of any one net input, at the values given.

    Each equation is differentiated by SymPy as it stands, and the chain rule leads from the net input on to the
    loss: the opposite way to backpropagation, and without any of its laws.
    """

    def __init__(self, trace: Trace, values: Mapping[Quantity, Decimal]) -> None:
        self.equations = [step.equation for step in (*trace.phases["forward"], *trace.phases["error"])]
        self.last = len(trace.problem.network.layers)
        self.values = values
        self.slope = cache(self.worked_slope)

    def derivative(self, net: Quantity) -> Decimal:
        """dE/dnet; of a net input of one sample among several, E being the sum of the losses of all samples"""
        slopes = {net: Decimal(1)}
        for equation in self.equations:
            moved = [operand for operand in dict.fromkeys(quantities(equation.formula)) if operand in slopes]
            if moved and equation.quantity != net:
                slopes[equation.quantity] = sum(
                    (self.slope(equation.formula, operand) * slopes[operand] for operand in moved), Decimal(0)
                )
        measured = [each.quantity for each in self.equations if each.law == "loss"]
        return sum((slopes.get(loss, Decimal(0)) for loss in measured), Decimal(0))

    def worked_slope(self, formula: Formula, by: Quantity) -> Decimal:
        """The partial derivative of a formula by one of its quantities, all others at their values."""
        z = sympy.Symbol("z", real=True)
        found = expression(formula, lambda operand: z if operand == by else self.number(operand))
        return Decimal(str(sympy.N(sympy.diff(found, z).subs(z, self.number(by)), DIGITS)))

    def number(self, quantity: Quantity) -> sympy.Float:
        """The value of a quantity."""
        return sympy.Float(str(self.values[quantity]), DIGITS)
