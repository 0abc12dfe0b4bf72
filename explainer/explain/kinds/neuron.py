"""The page of one neuron."""

from collections.abc import Iterator

from explainer.explain.document import Inlines
from explainer.explain.exercise import exercise
from explainer.explain.exercise_notation import key_of, symbols
from explainer.explain.reading import Reading
from explainer.explain.unit import function
from explainer.maths.quantity import Quantity
from explainer.problem.kinds.neuron import Neuron
from explainer.trace.kinds.neuron import NET, OUTPUT


def meaning(reading: Reading, symbol: Quantity) -> str:
    """The key of the meaning of a symbol; weights come from the inputs."""
    return "weight_of_input" if symbol.role == "weight" else key_of(reading, symbol)


def functions(reading: Reading) -> Iterator[Inlines]:
    """The activation."""
    if OUTPUT in reading.trace.index:
        yield from function(reading, reading.trace.problem.of(Neuron).function, NET)


def remarks(reading: Reading) -> Iterator[Inlines]:
    """The result; of a sigmoid, on which side of its middle it lies."""
    trace = reading.trace
    yield reading.prose("exercise.neuron", list=reading.naming((NET, OUTPUT), values=True))
    if trace.problem.of(Neuron).function.activation == "sigmoid":
        net, output = trace.value(NET), 2 * trace.value(OUTPUT)
        if net < 0 and output < 1:
            yield reading.prose("exercise.below_half")
        elif net > 0 and output > 1:
            yield reading.prose("exercise.above_half")


KIND = exercise("neuron", symbols=symbols(meaning, unit="neuron"), functions=functions, remarks=remarks)
