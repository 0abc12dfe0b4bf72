"""How large δ is layer by layer: whether it vanishes or explodes on its way back."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.explain.document import Block, Inlines, Math, Table, Term
from explainer.explain.reading import Reading
from explainer.maths.formula import Call, Number, Quotient, fraction, product, total
from explainer.maths.numerals import Numeral, Rounding, significant

STEEPEST = Decimal("0.25")
"""The largest slope of a sigmoid."""

PART, WHOLE = Rounding("significant", 2), Rounding("decimals", 0)
"""How parts are printed, and from 10 on."""

VERDICTS = {"vanishes": Decimal("0.01"), "shrinks": Decimal("0.1"), "keeps": Decimal(10)}
"""What is said of δ whose part in the first layer, of that in the output layer, is less than this; else it explodes."""


def meaning(reading: Reading) -> Iterator[Block]:
    """What the table says, and what bounds it."""
    if reading.last == 1:
        yield reading.say("vanishing.one_layer")
        return
    yield reading.say("vanishing.sizes")
    if is_bounded(reading):
        yield reading.say("vanishing.slopes")
    if reading.trace.connections.normalized:
        yield reading.say("vanishing.normalized")


def is_bounded(reading: Reading) -> bool:
    """Whether every hidden unit is a sigmoid."""
    return all(reading.layer(layer).activation == "sigmoid" for layer in range(1, reading.last))


def blocks(reading: Reading) -> Iterator[Block]:
    """The mean size of δ of each layer, and its part of that of the layers after it."""
    if reading.last == 1:
        return
    sizes = {layer: mean_size(reading, layer) for layer in range(reading.last, 0, -1)}
    bounded = is_bounded(reading)
    head = [reading.prose(f"vanishing.{key}") for key in ("layer", "size", "of_next", "of_output")]
    if bounded:
        head.append(reading.prose("vanishing.bound"))
    yield Table(tuple(head), tuple(tuple(row(reading, sizes, layer, bounded=bounded)) for layer in sizes))
    yield verdict(reading, sizes[1], sizes[reading.last])


def mean_size(reading: Reading, layer: int) -> Number:
    """The mean of |δ| over the units of a layer, and over the samples."""
    deltas = [step.quantity for step in reading.steps("backward", "delta", layer=layer)]
    sizes = total(tuple(Call("abs", (delta,)) for delta in deltas))
    mean = product(fraction(1, len(deltas)), sizes) if len(deltas) > 1 else sizes
    return reading.trace.worked(mean, "delta", "backward")


def row(reading: Reading, sizes: dict[int, Number], layer: int, *, bounded: bool) -> Iterator[Inlines]:
    """A layer, the mean size of its δ, its part of the next layer's and of the output layer's, and what bounds that."""
    yield named(reading, layer)
    yield figure(reading, sizes[layer])
    for other in (layer + 1, reading.last):
        yield reading.prose("vanishing.none") if layer == reading.last else part(reading, sizes[layer], sizes[other])
    if bounded:
        apart = reading.last - layer
        yield reading.plain(Numeral(significant(STEEPEST**apart, 3))) if apart else reading.prose("vanishing.none")


def named(reading: Reading, layer: int) -> Inlines:
    """What a layer is called."""
    if layer == reading.last:
        return reading.prose("headings.output_layer")
    return reading.prose("headings.hidden_layer_of", layer=layer)


def figure(reading: Reading, number: Number) -> Inlines:
    """A number in a column."""
    padded = Number(number.value, reading.padded(number.numeral, "delta", "backward"))
    return (Math((Term("", padded, reading.trace.numeral),)),)


def part(reading: Reading, size: Number, whole: Number) -> Inlines:
    """How many times one size is of another; nothing of 0."""
    if not whole.value:
        return reading.prose("vanishing.none")
    ratio = reading.trace.arithmetic.written(reading.trace.worked(Quotient(size, whole), "delta", "backward").value)
    rounding = PART if ratio < 10 else WHOLE
    return reading.plain(rounding.numeral(rounding(ratio)))


def verdict(reading: Reading, first: Number, last: Number) -> Block:
    """What becomes of δ between the output layer and the first layer."""
    if not last.value:
        return reading.say("vanishing.nothing")
    if not first.value:
        return reading.say("vanishing.lost")
    ratio = reading.trace.arithmetic.written(first.value) / reading.trace.arithmetic.written(last.value)
    key = next((key for key, bound in VERDICTS.items() if ratio < bound), "explodes")
    return reading.say(f"vanishing.{key}", part=part(reading, first, last))
