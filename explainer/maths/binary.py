"""Values in double precision: the functions that Python does not bring along, without overflow for any argument."""

import math

ROOT_TWO_PI = math.sqrt(2 * math.pi)
ROOT_TWO_OVER_PI = math.sqrt(2 / math.pi)


def sigmoid(z: float) -> float:
    """1 / (1 + e^−z)"""
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    grown = math.exp(z)
    return grown / (1 + grown)


def softplus(z: float) -> float:
    """ln(1 + e^z) = max(0, z) + ln(1 + e^−|z|)"""
    return max(z, 0.0) + math.log1p(math.exp(-abs(z)))


def elu(z: float, alpha: float) -> float:
    """z for z > 0, else α (e^z − 1)"""
    return z if z > 0 else alpha * math.expm1(z)


def elu_slope(z: float, alpha: float) -> float:
    """1 for z > 0, else α e^z"""
    return 1.0 if z > 0 else alpha * math.exp(z)


def swish_slope(z: float, inner: float, inner_slope: float) -> float:
    """The derivative of z σ(u): σ(u) + z σ(u) σ(−u) u′"""
    return sigmoid(inner) * (1 + z * sigmoid(-inner) * inner_slope)


def density(z: float) -> float:
    """φ(z) = e^(−z²/2) / √(2π)"""
    return math.exp(-z * z / 2) / ROOT_TWO_PI


def distribution(z: float) -> float:
    """Φ(z)"""
    return math.erfc(-z / math.sqrt(2)) / 2


def gelu_inner(z: float) -> tuple[float, float]:
    """u = √(2/π) (z + 0.044715 z³), and its derivative √(2/π) (1 + 0.134145 z²)"""
    return ROOT_TWO_OVER_PI * (z + 0.044715 * z * z * z), ROOT_TWO_OVER_PI * (1 + 0.134145 * z * z)


def gelu_tanh(z: float) -> float:
    """½ z (1 + tanh u) = z σ(2u)"""
    inner, _ = gelu_inner(z)
    return z * sigmoid(2 * inner)


def gelu_tanh_slope(z: float) -> float:
    """½ (1 + tanh u) + ½ z (1 − tanh² u) u′"""
    inner, slope = gelu_inner(z)
    return swish_slope(z, 2 * inner, 2 * slope)


def softmax(z: float, *layer: float) -> float:
    """e^z / Σ_j e^z_j, the largest z_j taken off each"""
    largest = max(layer)
    return math.exp(z - largest) / math.fsum(math.exp(each - largest) for each in layer)


def huber(error: float, width: float) -> float:
    """½ e² for |e| ≤ width d, else d (|e| − ½ d)"""
    return error * error / 2 if abs(error) <= width else width * (abs(error) - width / 2)


def huber_slope(error: float, width: float) -> float:
    """e for |e| ≤ width d, else ±d with the sign of e"""
    return error if abs(error) <= width else math.copysign(width, error)


def sign(z: float) -> float:
    """1, 0 or −1"""
    return float((z > 0) - (z < 0))


def cosine_of_half_turns(z: float) -> float:
    """cos πz, exactly 0 halfway"""
    folded = abs((z + 1) % 2 - 1)
    return 0.0 if folded == 0.5 else math.cos(math.pi * folded)
