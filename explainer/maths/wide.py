"""Values with more digits than are carried: the functions that decimals do not bring along.

Each is worked out with 100 digits and then rounded to the 40 that are carried, so that a difference of
nearly equal numbers on the way costs none of them.
"""

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import lru_cache

from explainer.maths.numerals import CONTEXT, ZERO

WIDE = Context(prec=100, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])

ONE, HALF = Decimal(1), Decimal("0.5")
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")

ROOT_TWO_PI = WIDE.sqrt(WIDE.multiply(2, PI))
ROOT_TWO_OVER_PI = WIDE.sqrt(WIDE.divide(2, PI))

FAR = 230
"""Beyond this, e^−z is nothing beside 1, to 99 digits."""

NUDGE = WIDE.add(1, Decimal("1e-90"))
"""So near to 1 that no digit changes, but a product with it is known to be rounded."""

TAIL = 3
"""From here on the tail of the normal distribution is worked out by its continued fraction."""

FRACTIONS = 250
"""So many steps of that fraction give 50 digits from `TAIL` on."""

KEPT = 1024
"""So many powers of e are kept at hand: a function, its derivative and the lines of its working need the same one."""


@lru_cache(KEPT)
def powered(z: Decimal) -> Decimal:
    """e^z with all digits."""
    return WIDE.exp(z)


def exponential(z: Decimal) -> Decimal:
    """e^z"""
    return carried(powered(z)) if z else ONE


def carried(value: Decimal) -> Decimal:
    """An irrational value, rounded to the digits that are carried and known not to be exact."""
    return CONTEXT.multiply(value, NUDGE)


def exponential_less_one(z: Decimal) -> Decimal:
    """e^z − 1; for a tiny z, z + z²/2"""
    if z.adjusted() < -50:
        return WIDE.multiply(z, WIDE.add(1, WIDE.divide(z, 2)))
    return WIDE.subtract(powered(z), 1)


def sigmoid(z: Decimal) -> Decimal:
    """1 / (1 + e^−z)"""
    return HALF if not z else carried(WIDE.divide(1, WIDE.add(1, powered(z.copy_negate()))))


def tanh(z: Decimal) -> Decimal:
    """(e^2z − 1) / (e^2z + 1)"""
    if z.copy_abs() > FAR:
        return carried(Decimal(1).copy_sign(z))
    grown = exponential_less_one(WIDE.multiply(2, z))
    return carried(WIDE.divide(grown, WIDE.add(grown, 2)))


def softplus(z: Decimal) -> Decimal:
    """ln(1 + e^z)"""
    if z > FAR:
        return carried(z)
    grown = powered(z)
    return carried(grown if z < -FAR else WIDE.ln(WIDE.add(1, grown)))


def elu(z: Decimal, alpha: Decimal) -> Decimal:
    """z for z > 0, else α (e^z − 1)"""
    return z if z > 0 else carried(WIDE.multiply(alpha, exponential_less_one(z)))


def elu_slope(z: Decimal, alpha: Decimal) -> Decimal:
    """1 for z > 0, else α e^z"""
    return Decimal(1) if z > 0 else carried(WIDE.multiply(alpha, powered(z))) if z else alpha


def silu(z: Decimal) -> Decimal:
    """z σ(z)"""
    return carried(WIDE.divide(z, WIDE.add(1, powered(z.copy_negate()))))


def silu_slope(z: Decimal) -> Decimal:
    """σ(z) + z σ(z) (1 − σ(z))"""
    return carried(swish_slope(z, z, Decimal(1))) if z else HALF


def swish_slope(z: Decimal, inner: Decimal, inner_slope: Decimal) -> Decimal:
    """The derivative of z σ(u): σ(u) + z σ(u) σ(−u) u′"""
    up, down = (WIDE.divide(1, WIDE.add(1, powered(each.copy_negate()))) for each in (inner, inner.copy_negate()))
    return WIDE.multiply(up, WIDE.add(1, WIDE.multiply(WIDE.multiply(z, down), inner_slope)))


def density(z: Decimal) -> Decimal:
    """φ(z) = e^(−z²/2) / √(2π), the density of the standard normal distribution"""
    return carried(height(z))


def height(z: Decimal) -> Decimal:
    """φ(z) with all digits."""
    return WIDE.divide(powered(WIDE.divide(WIDE.multiply(z, z.copy_negate()), 2)), ROOT_TWO_PI)


def distribution(z: Decimal) -> Decimal:
    """Φ(z), the part of the standard normal distribution that lies below z."""
    return carried(below(z)) if z else HALF


def below(z: Decimal) -> Decimal:
    """Φ(z) with all digits."""
    return WIDE.subtract(1, upper_tail(z)) if z > 0 else upper_tail(z.copy_negate())


def upper_tail(z: Decimal) -> Decimal:
    """1 − Φ(z) for z ≥ 0: ½ − φ(z) (z + z³/3 + z⁵/(3·5) + …), far out φ(z) / (z + 1/(z + 2/(z + 3/(z + …)))).

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.11 and 26.2.14.
    """
    if z > TAIL:
        under = z
        for step in range(FRACTIONS, 0, -1):
            under = WIDE.add(z, WIDE.divide(step, under))
        return WIDE.divide(height(z), under)
    square, term, total, odd = WIDE.multiply(z, z), z, ZERO, 1
    while term > total.scaleb(-WIDE.prec, WIDE):
        total = WIDE.add(total, term)
        odd += 2
        term = WIDE.divide(WIDE.multiply(term, square), odd)
    return WIDE.subtract(HALF, WIDE.multiply(height(z), total))


def gelu(z: Decimal) -> Decimal:
    """z Φ(z)"""
    return carried(WIDE.multiply(z, below(z)))


def gelu_slope(z: Decimal) -> Decimal:
    """Φ(z) + z φ(z)"""
    return carried(WIDE.add(below(z), WIDE.multiply(z, height(z)))) if z else HALF


def gelu_inner(z: Decimal) -> tuple[Decimal, Decimal]:
    """u = √(2/π) (z + 0.044715 z³), and its derivative √(2/π) (1 + 0.134145 z²)"""
    square = WIDE.multiply(z, z)
    inner = WIDE.multiply(z, WIDE.add(1, WIDE.multiply(Decimal("0.044715"), square)))
    slope = WIDE.add(1, WIDE.multiply(Decimal("0.134145"), square))
    return WIDE.multiply(ROOT_TWO_OVER_PI, inner), WIDE.multiply(ROOT_TWO_OVER_PI, slope)


def gelu_tanh(z: Decimal) -> Decimal:
    """½ z (1 + tanh u) = z σ(2u)"""
    inner, _ = gelu_inner(z)
    return carried(WIDE.divide(z, WIDE.add(1, powered(WIDE.multiply(-2, inner)))))


def gelu_tanh_slope(z: Decimal) -> Decimal:
    """½ (1 + tanh u) + ½ z (1 − tanh² u) u′"""
    inner, slope = gelu_inner(z)
    return carried(swish_slope(z, WIDE.multiply(2, inner), WIDE.multiply(2, slope))) if z else HALF


def softmax(z: Decimal, *layer: Decimal) -> Decimal:
    """e^z / Σ_j e^z_j"""
    total = ZERO
    for each in layer:
        total = WIDE.add(total, powered(WIDE.subtract(each, z)))
    return carried(WIDE.divide(1, total))


def huber(error: Decimal, width: Decimal) -> Decimal:
    """½ e² for |e| ≤ width d, else d (|e| − ½ d)"""
    size = error.copy_abs()
    if size <= width:
        return CONTEXT.divide(CONTEXT.multiply(error, error), 2)
    return CONTEXT.multiply(width, CONTEXT.subtract(size, CONTEXT.divide(width, 2)))


def huber_slope(error: Decimal, width: Decimal) -> Decimal:
    """e for |e| ≤ width d, else ±d with the sign of e"""
    return error if error.copy_abs() <= width else width.copy_sign(error)


def cosine_of_half_turns(z: Decimal) -> Decimal:
    """cos πz: 1 − x²/2! + x⁴/4! − … for x = πz, brought between 0 and π/2"""
    turned = WIDE.remainder(z.copy_abs(), 2)
    folded = WIDE.subtract(2, turned) if turned > 1 else turned
    if folded > HALF:
        return cosine_of_half_turns(WIDE.subtract(1, folded)).copy_negate()
    if folded in (ZERO, HALF):
        return ZERO if folded else ONE
    square, term, total, order = WIDE.power(WIDE.multiply(PI, folded), 2), ONE, ONE, 0
    while term.copy_abs() > total.scaleb(-WIDE.prec, WIDE):
        order += 2
        term = WIDE.divide(WIDE.multiply(term, square.copy_negate()), order * (order - 1))
        total = WIDE.add(total, term)
    return carried(total)
