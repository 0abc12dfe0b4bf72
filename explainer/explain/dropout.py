"""What a page says of dropout: its law, what it keeps in a step, and what becomes of it after training."""

from collections.abc import Iterator

from explainer.explain.document import Block, Inlines, Paragraph
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.maths.formula import Formula, product
from explainer.maths.quantity import Index, Quantity
from explainer.trace.dropout import mask_of, thinned, thinnings


def dropout_laws(reading: Reading) -> Iterator[Inlines]:
    """What every layer that has dropout passes on, and where the masks come from."""
    for layer, dropout in thinnings(reading.trace.problem.network).items():
        output = Quantity("output", layer, "j")
        passed_on = thinned(output)
        yield reading.prose(
            "dropout.inverted" if dropout.inverted else "dropout.classic",
            layer=place(reading, layer),
            law=reading.letters(passed_on, dropout.passed_on(mask_of(output), output)),
            passed_on=reading.letters(passed_on),
            mask=reading.letters(mask_of(output)),
            output=reading.letters(output),
            rate=reading.letters(dropout.rate),
        )
        if dropout.given.mask is None and not reading.in_letters:
            yield reading.prose("dropout.drawn", seed=dropout.given.seed)


def place(reading: Reading, layer: int) -> Inlines:
    """What a hidden layer is called, with its number where there are several."""
    return reading.prose("dropout.hidden_of" if reading.last > 2 else "dropout.hidden", layer=layer)


def masks(reading: Reading) -> Iterator[Block]:
    """What is kept and what is left out in a step, of the quantities on the page."""
    found = [quantity for quantity in reading.trace.given if quantity.role == "mask"]
    if found and not reading.in_letters:
        yield reading.say("dropout.masks", list=reading.listing(found))


def let_through(reading: Reading, layer: int, letter: Index, signal: Formula) -> Formula:
    """What comes back to any output of a layer, as far as dropout lets it through."""
    dropout = reading.trace.connections.thinning.get(layer)
    mask = mask_of(Quantity("output", layer, letter, 0, reading.of_law))
    return product(dropout.factor(mask), signal) if dropout else signal


def after_training(reading: Reading) -> Iterator[Inlines]:
    """What the layers that have dropout pass on when the network is used."""
    for layer, dropout in thinnings(reading.trace.problem.network).items():
        output = Quantity("output", layer, "j")
        law = reading.letters(thinned(output), dropout.after_training(output))
        key = "dropout.after_inverted" if dropout.inverted else "dropout.after_classic"
        yield reading.prose(key, layer=place(reading, layer), law=law)


def after_training_said(reading: Reading) -> Iterator[Block]:
    """The same as a paragraph of its own."""
    found = list(after_training(reading))
    if found:
        yield Paragraph(listed(found, " "))


def left_out(reading: Reading) -> Iterator[Inlines]:
    """The remark on the units that were left out: nothing passes through them."""
    masked = [each for each in reading.trace.given if each.role == "mask" and not reading.trace.value(each)]
    deltas = [Quantity("delta", each.layer, each.unit, 0, each.sample) for each in masked]
    if masked and all(delta in reading.trace.index for delta in deltas):
        key = "remarks.left_out_one" if len(masked) == 1 else "remarks.left_out"
        yield reading.prose(key, masks=reading.naming(masked, values=True), deltas=reading.naming(deltas))
