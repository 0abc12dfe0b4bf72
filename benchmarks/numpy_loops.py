"""Trainings as they are written in NumPy by hand, each for its one network: what the engine is measured against."""

from typing import Any

import numpy as np

Array = Any


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^−z)"""
    return 1 / (1 + np.exp(-z))


def lecture(epochs: int) -> list[float]:
    """The errors of the lecture's 3-2-1 network before every step, one sample and vectors."""
    hidden, hidden_bias = np.array([[0.2, 0.4, -0.5], [-0.3, 0.1, 0.2]]), np.array([-0.4, 0.2])
    output, output_bias = np.array([[-0.3, -0.2]]), np.array([0.1])
    inputs, target, rate = np.array([1.0, 0.0, 1.0]), np.array([1.0]), 0.9
    errors = []
    for _ in range(epochs):
        first = sigmoid(hidden @ inputs + hidden_bias)
        last = sigmoid(output @ first + output_bias)
        error = target - last
        errors.append(float(0.5 * np.sum(error**2)))
        delta = error * last * (1 - last)
        back = (output.T @ delta) * first * (1 - first)
        output += rate * np.outer(delta, first)
        output_bias += rate * delta
        hidden += rate * np.outer(back, inputs)
        hidden_bias += rate * back
    return errors


def batches(parameters: list[Array], inputs: Array, targets: Array, size: int, rate: float) -> float:
    """One epoch of a network of two layers in mini-batches, in place, and the error over all samples after it."""
    hidden, hidden_bias, output, output_bias = parameters
    for start in range(0, len(inputs), size):
        signal, target = inputs[start : start + size], targets[start : start + size]
        first = sigmoid(signal @ hidden.T + hidden_bias)
        last = sigmoid(first @ output.T + output_bias)
        delta = (last - target) * last * (1 - last) / len(signal)
        back = (delta @ output) * first * (1 - first)
        output -= rate * delta.T @ first
        output_bias -= rate * delta.sum(axis=0)
        hidden -= rate * back.T @ signal
        hidden_bias -= rate * back.sum(axis=0)
    last = sigmoid(sigmoid(inputs @ hidden.T + hidden_bias) @ output.T + output_bias)
    return float(0.5 * ((targets - last) ** 2).sum() / len(inputs))
