"""The loss composed as a function of one net input, and its derivative. Imports SymPy."""

from decimal import Decimal
from typing import Any

import sympy

from explainer.maths.formula import quantities
from explainer.maths.quantity import Quantity
from explainer.maths.symbolic import expression
from explainer.trace.trace import Trace

DIGITS = 34


def derivative(trace: Trace, net: Quantity, values: dict[Quantity, Decimal]) -> Decimal:
    """dE/dnet at the values given, everything that depends on the net input composed."""
    z = sympy.Symbol("z", real=True)
    composed: dict[Quantity, Any] = {net: z}
    for step in (*trace.phases["forward"], *trace.phases["error"]):
        formula = step.equation.formula
        if step.quantity != net and any(operand in composed for operand in quantities(formula)):
            composed[step.quantity] = expression(
                formula, lambda operand: composed.get(operand, sympy.Float(str(values[operand]), DIGITS))
            )
    loss = composed.get(Quantity("loss", len(trace.problem.network.layers)), sympy.Integer(0))
    slope = sympy.diff(loss, z).subs(z, sympy.Float(str(values[net]), DIGITS))
    return Decimal(str(sympy.N(slope, DIGITS)))
