"""The arithmetics there are, by the names that problem files call them."""

from explainer.maths.arithmetic import Arithmetic, DecimalArithmetic, FloatArithmetic, LetterArithmetic
from explainer.maths.exact import ExactArithmetic

ARITHMETICS: dict[str, type[Arithmetic]] = {
    arithmetic.name: arithmetic
    for arithmetic in (DecimalArithmetic, FloatArithmetic, ExactArithmetic, LetterArithmetic)
}
