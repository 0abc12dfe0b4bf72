"""What a page says of the activation and the loss of a unit that stands alone."""

from collections.abc import Iterator

from explainer.explain.document import Inlines, Math
from explainer.explain.reading import Reading
from explainer.maths.activations import ACTIVATIONS
from explainer.maths.formula import Negation, Partial, quantities
from explainer.maths.losses import usual
from explainer.maths.quantity import Index, Quantity
from explainer.problem.model import Function
from explainer.trace.derive import activation
from explainer.trace.names import Slope


def function(reading: Reading, layer: Function, of: Quantity, *, used: bool) -> Inlines:
    """The activation of the unit with this net input: its definition where it is `used`, else its derivative."""
    found, label = activation(layer), ACTIVATIONS[layer.activation].label
    if used and found.definition is not None:
        return reading.prose("exercise.activation", function=reading.letters(found.value(of), found.definition(of)))
    derivative = found.derivative(of, Quantity("output", of.layer, of.unit))
    if used or of in quantities(derivative):
        return reading.prose("exercise.activation_named", activation=label)
    return reading.prose("exercise.activation_derivative", activation=label, derivative=reading.letters(derivative))


def loss(reading: Reading, name: str, layer: Index, unit: Index) -> Math:
    """The loss of a single output unit."""
    formula = usual(name).value(((Quantity("target", layer, unit), Quantity("output", layer, unit)),))
    return reading.letters(Quantity("loss"), formula)


def meaning(reading: Reading, delta: Quantity) -> Iterator[Inlines]:
    """What a δ that is given stands for, where its name does not say so: −∂E/∂net_j or ∂E/∂net_j."""
    if isinstance(reading.trace.names(delta), Slope):
        return
    slope = Partial(Quantity("loss"), Quantity("net", delta.layer, delta.unit))
    stated = Negation(slope) if reading.laws.downhill else slope
    yield reading.prose("exercise.delta_means", delta=reading.letters(delta), meaning=reading.letters(stated))


def direction(reading: Reading, delta: Quantity) -> Inlines:
    """What the sign of a δ says about its unit."""
    value = reading.trace.value(delta)
    rising = (value > 0) == reading.laws.downhill
    key = "zero" if not value else "should_rise" if rising else "should_fall"
    return reading.prose(f"exercise.{key}", delta=reading.value(delta))
