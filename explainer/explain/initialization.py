"""How the first weights were drawn, where they were; and what becomes of units that begin alike."""

from collections.abc import Iterator

from msgspec.structs import replace

from explainer.explain.document import Inlines, Math, Term
from explainer.explain.prose import inlines
from explainer.explain.reading import Reading
from explainer.maths.arithmetic import PRINTED
from explainer.maths.formula import Constant, Formula, Number, parts, rebuilt
from explainer.maths.initializers import INITIALIZERS, arithmetic
from explainer.maths.numerals import as_written
from explainer.maths.optimizers import setting
from explainer.maths.quantity import Quantity
from explainer.maths.reduction import Reduction
from explainer.problem.model import Drawn


def initial(reading: Reading) -> Iterator[Inlines]:
    """How the weights of each layer were drawn, and from which seed."""
    prose, ways = reading.prose, []
    for index, layer in enumerate(reading.trace.problem.network.layers, 1):
        if layer.drawn is not None:
            ways.append(layer.drawn)
            key = "output" if index == reading.last else "hidden_of" if reading.last > 2 else "hidden"
            into = prose(f"initialization.{key}", layer=index)
            yield prose(f"initialization.{KEYS[layer.drawn.name]}", into=into, **fillings(reading, layer.drawn))
    if any(scale_is_worked_out(way) for way in ways):
        senders, units = (reading.letters(setting(sign)) for sign in ("n_in", "n_out"))
        both = any("xavier" in way.name for way in ways)
        yield prose("initialization.both" if both else "initialization.one", senders=senders, units=units)
    if any(INITIALIZERS[way.name].letter for way in ways):
        yield prose("initialization.seed", seed=ways[0].seed)


KEYS = {
    "zeros": "equal",
    "constant": "equal",
    "uniform": "uniform",
    "xavier-uniform": "xavier_uniform",
    "xavier-normal": "xavier_normal",
    "he-uniform": "he_uniform",
    "he-normal": "he_normal",
}
"""The sentence for each initializer."""


def scale_is_worked_out(way: Drawn) -> bool:
    """Whether the scale follows from the numbers of units."""
    return INITIALIZERS[way.name].scale is not None


def fillings(reading: Reading, way: Drawn) -> dict[str, Math | Inlines]:
    """The letter of the scale, and what it is worth."""
    letter = INITIALIZERS[way.name].letter
    if not letter:
        return {"scale": reading.plain(as_written(way.scale))}
    return {"letter": reading.letters(setting(letter)), "scale": worked(reading, way)}


def worked(reading: Reading, way: Drawn) -> Math:
    """The scale, worked out as it was when the numbers were drawn: r = √(6/(n_in + n_out)) = √(6/(3 + 2)) = …"""
    initializer, by_hand = INITIALIZERS[way.name], arithmetic(way.rounding)
    names, numerals = reading.trace.names, reading.trace.numeral
    terms = [Term("", setting(initializer.letter), names)]
    if initializer.scale is None:
        return Math((*terms, Term("=", Number(way.scale, as_written(way.scale)), numerals)))
    put_in = initializer.scale(Constant(way.senders), Constant(way.units))
    lines: list[tuple[Formula, bool]] = [(put_in, True)]
    if not reading.trace.in_fractions:
        lines += Reduction(by_hand, lambda _: None, numerals, "update").lines(put_in)
    terms.append(Term("=", initializer.scale(setting("n_in"), setting("n_out")), names))
    sign = reading.working.rounding_sign
    terms += [Term("=" if exact else sign, told(line, exact=exact), numerals) for line, exact in lines]
    is_exact = PRINTED.evaluate(lines[-1][0], lambda _: None, "") == way.scale
    result = Number(way.scale, way.rounding.numeral(way.scale, exact=is_exact))
    return Math((*terms, Term("=" if is_exact else sign, result, numerals)))


def told(line: Formula, *, exact: bool) -> Formula:
    """A line whose numbers tell whether they are rounded."""
    if isinstance(line, Number):
        return Number(line.value, replace(line.numeral, exact=exact))
    return rebuilt(line, tuple(told(part, exact=exact) for part in parts(line)))


# -- units that begin alike -------------------------------------------------------------------------


def alike(reading: Reading) -> Iterator[Inlines]:
    """Which units of a hidden layer begin alike, and so learn the same; said only where they still are the same."""
    for layer in range(1, reading.last):
        groups: dict[tuple[object, ...], list[int]] = {}
        for unit in reading.trace.connections.units(layer):
            groups.setdefault(around(reading, layer, unit, iteration=0), []).append(unit)
        for units in groups.values():
            ends = {around(reading, layer, unit, iteration=1) for unit in units}
            if len(units) > 1 and len(ends) == 1:
                nodes = reading.prose.enumerated([inlines(reading.place(each)) for each in nets(layer, units)])
                deltas = reading.naming(Quantity("delta", layer, unit) for unit in units)
                yield reading.prose("initialization.alike", nodes=nodes, deltas=deltas)


def nets(layer: int, units: list[int]) -> list[Quantity]:
    """The net inputs of some units of a layer."""
    return [Quantity("net", layer, unit) for unit in units]


def around(reading: Reading, layer: int, unit: int, *, iteration: int) -> tuple[object, ...]:
    """The values of the weights into a unit, of its bias and of the weights out of it, before or after the step."""
    connections = reading.trace.connections
    into, out_of = connections.into(layer, unit), connections.out_of(layer, unit)
    bias = connections.bias(layer, unit)
    places = [*into, *([(0, bias)] if bias else []), *out_of]
    return tuple((other, value(reading, parameter, iteration)) for other, parameter in places)


def value(reading: Reading, parameter: Quantity, iteration: int) -> object:
    """The value of a parameter before or after the step."""
    new = parameter.after()
    return reading.trace.value(new if iteration and new in reading.trace.index else parameter)
