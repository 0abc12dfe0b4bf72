"""The curve of a run: its points lie where the numbers say, in every format, on axes with round numbers."""

import re
from decimal import Decimal
from itertools import pairwise
from random import Random

import plots
import pytest
from test_training import XOR

import explainer
from explainer.explain.document import Curve, Document, Series, Text

HALF = 0.5000001
"""A mark stands in the nearest row and column."""


def drawn(seed: int) -> Curve:
    """A curve of random values: some of one sign, some not, of any size, one or several, few or many."""
    random = Random(seed)
    logarithmic, size = seed % 3 == 0, Decimal(10) ** random.randint(-9, 9)
    series = []
    for place in range(random.choice((1, 1, 2, 4, 6))):
        count = random.choice((3, 7, 40, 700))
        spread = (lambda: random.uniform(-8, 3)) if logarithmic else (lambda: random.uniform(-0.2 * (seed % 2), 1))
        values = [Decimal(repr(10 ** spread() if logarithmic else spread())) * size for _ in range(count)]
        series.append(Series((Text(f"curve {place}"),), tuple(enumerate(values))))
    return Curve((Text("Epoch"),), (Text("E"),), tuple(series), logarithmic)


def in_text(page: str) -> list[str]:
    """The lines of the only plot of a page of plain text."""
    block = next(block for block in page.split("\n\n") if "└" in block)
    return [line[4:] for line in block.split("\n")]


@pytest.mark.parametrize("seed", range(40))
def test_every_point_stands_where_its_number_says(seed: int) -> None:
    """Read back from the labels of its axes, each point has a mark in its row and column, and no mark has no point."""
    curve = drawn(seed)
    lines = in_text(explainer.render(Document("", (curve,)), "text"))
    found = plots.read_text(lines, logarithmic=curve.logarithmic)
    assert max(map(len, lines)) <= 75
    everything = set().union(*found.marks.values())
    places = []
    for index, series in enumerate(curve.series):
        own = [(found.across.place(place), found.up.place(float(value))) for place, value in series.points]
        hidden = everything - found.marks.get(index, set())
        for across, up in own:
            near = {mark for mark in everything if abs(mark[0] - across) <= HALF and abs(mark[1] - up) <= HALF}
            assert near
            assert near & found.marks.get(index, set()) or near & hidden
        for mark in found.marks.get(index, set()):
            assert any(abs(mark[0] - across) <= HALF and abs(mark[1] - up) <= HALF for across, up in own)
        places += own
    assert found.marks[0]


@pytest.mark.parametrize("seed", range(40))
def test_axes_have_round_numbers(seed: int) -> None:
    """Numbers at an axis are 1, 2 or 5 times a power of ten apart, in decades powers of ten, and enclose the curve."""
    curve = drawn(seed)
    found, _ = plots.read_latex(explainer.render(Document("", (curve,)), "latex"), logarithmic=curve.logarithmic)
    values = [float(value) for series in curve.series for _, value in series.points]
    across, up = found.ticks
    assert across[0] == 0
    assert min(up) <= min(values) <= max(values) <= max(up)
    for ticks, logarithmic in ((across, False), (up, curve.logarithmic)):
        steps = [(plots.log10(high / low) if logarithmic else high - low) for low, high in pairwise(ticks)]
        assert steps == pytest.approx([steps[0]] * len(steps))
        assert f"{steps[0]:.6e}"[:8] in ("1.000000", "2.000000", "5.000000")
        assert 2 <= len(ticks) <= 8
    if curve.logarithmic:
        assert {f"{tick:e}"[:8] for tick in up} == {"1.000000"}


@pytest.mark.parametrize("seed", range(40))
def test_the_drawing_goes_through_the_points(seed: int) -> None:
    """In LaTeX every mark is a point of its curve, and every end of a line a point of one."""
    curve = drawn(seed)
    found, lines = plots.read_latex(explainer.render(Document("", (curve,)), "latex"), logarithmic=curve.logarithmic)
    points = [
        {(found.across.place(place), found.up.place(float(value))) for place, value in series.points}
        for series in curve.series
    ]

    def on(point: tuple[float, ...], these: set[tuple[float, float]]) -> bool:
        """Whether a place is that of one of the points, to a fiftieth of a millimeter."""
        return any(abs(point[0] - across) <= 0.02 and abs(point[1] - up) <= 0.02 for across, up in these)

    assert len(found.marks) == len(curve.series)
    for index, marks in found.marks.items():
        assert all(on(mark, points[index]) for mark in marks)
    several = set().union(*points)
    for line in lines[:: max(1, len(lines) // 50)]:
        first, middle, last = line[:2], line[2:4], line[4:]
        assert on(first, several)
        assert on(last, several)
        assert middle == pytest.approx([(one + other) / 2 for one, other in zip(first, last, strict=True)], abs=0.02)


@pytest.mark.parametrize("convention", ["lecture", "mitchell", "layered", "aima", "flat", "threshold", "matrix"])
@pytest.mark.parametrize("arithmetic", ["decimal", "float", "exact"])
def test_the_errors_of_a_run_are_its_curve(convention: str, arithmetic: str) -> None:
    """The page of a run has a plot of the errors that its table has, in every convention and arithmetic."""
    text = XOR.replace("[[network.layers]]", '[[network.layers]]\nactivation = "relu"')
    settings = {"training.epochs": 5}
    run = explainer.train(explainer.loads(text, arithmetic=arithmetic, convention=convention, settings=settings))
    page = explainer.render(explainer.explain(run), "text")
    found = plots.read_text(in_text(page), logarithmic="logarithmic" in page)
    for epoch in run.epochs:
        place = found.across.place(epoch.number), found.up.place(float(epoch.error))
        assert any(abs(each[0] - place[0]) <= HALF and abs(each[1] - place[1]) <= HALF for each in found.marks[0])
    assert "\n".join(in_text(page)) in explainer.render(explainer.explain(run), "markdown")


def test_a_wide_range_is_drawn_by_decades() -> None:
    """Errors that fall by more than a hundredfold stand on a logarithmic scale, and the page says so; others do not."""
    settings = {"training.learning_rate": 5, "training.epochs": 900, "presentation.steps": ["last"]}
    wide = explainer.train(explainer.loads(XOR, settings=settings))
    assert wide.epochs[0].error > 100 * wide.epochs[-1].error
    assert "on a logarithmic scale" in explainer.render(explainer.explain(wide), "text")
    narrow = explainer.train(explainer.loads(XOR))
    assert "logarithmic" not in explainer.render(explainer.explain(narrow), "text")


def test_errors_on_validation_samples_have_a_curve_of_their_own() -> None:
    """Both curves are told apart by their marks, which the legend names."""
    other = "[[validation]]\ninputs = [0, 0]\ntargets = [0.5]\n"
    text = XOR.replace("[training]", other + "[training]")
    run = explainer.train(explainer.loads(text, settings={"training.epochs": 8}))
    page = explainer.render(explainer.explain(run), "text")
    assert re.search(r"• over the samples\n\s+× over the validation samples", page)
    found = plots.read_text(in_text(page), logarithmic="logarithmic" in page)
    assert found.marks.keys() == {0, 1}


def test_a_long_table_has_fewer_and_fewer_epochs() -> None:
    """Of a long run the table has the first epochs, round ones and the last, each with the error of that epoch."""
    run = explainer.train(explainer.loads(XOR, settings={"training.epochs": 73, "presentation.steps": [1]}))
    page = explainer.render(explainer.explain(run), "text")
    rows = re.findall(r"^    (\d+) +(0\.\d{4})$", page, re.MULTILINE)
    assert [int(number) for number, _ in rows] == [0, 1, 2, 3, 4, 5, 10, 20, 50, 73]
    assert all(abs(float(error) - run.epochs[int(number)].error) <= 0.00005001 for number, error in rows)
    assert "at growing distances" in page


FOLLOWED = '[presentation]\nconvention = "flat"\nparameters = ["w_6", "b_3"]\n'


@pytest.mark.parametrize("convention", ["lecture", "mitchell", "layered", "aima", "flat", "threshold", "matrix"])
def test_parameters_are_followed_in_any_convention(convention: str) -> None:
    """Parameters named as the file's convention names them are followed under another, there by their other names."""
    text = XOR.replace("[presentation]\n", FOLLOWED)
    run = explainer.train(explainer.loads(text, convention=convention))
    plain = explainer.train(explainer.loads(XOR))
    weight, bias = (plain[1].find(name) for name in ("w_45", "b_5"))
    assert run.followed == (weight, bias)
    assert [each.followed for each in run.epochs][-1] == (run.final[weight], run.final[bias])


def test_parameters_may_be_named_as_the_page_names_them() -> None:
    """A name of the convention that is asked for is taken too; one that neither has is a fault with its place."""
    text, option = XOR.replace("[presentation]\n", FOLLOWED), "presentation.parameters"
    run = explainer.train(explainer.loads(text, convention="lecture", settings={option: ["w_45"]}))
    assert run.names.typed(run.followed[0]) == "w_45"
    with pytest.raises(explainer.ProblemError) as error:
        explainer.train(explainer.loads(text, settings={option: ["w_6", "w_99", "v"]}))
    assert [fault.place for fault in error.value.faults] == [f"{option}[1]", f"{option}[2]"]


@pytest.mark.parametrize("name", ["text", "latex", "markdown"])
def test_values_that_differ_in_their_last_digits_are_one_height(name: str) -> None:
    """A curve that falls by less than could be drawn is level, on axes that have a length."""
    values = [Decimal("0.49") + Decimal(each).scaleb(-39) for each in (3, 2, 1)]
    curve = Curve((Text("Epoch"),), (Text("E"),), (Series((), tuple(enumerate(values))),), logarithmic=False)
    assert "0.5" in explainer.render(Document("", (curve,)), name)
