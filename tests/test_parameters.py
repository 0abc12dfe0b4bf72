"""Parameters that are shared, tied, missing or not trained, and inputs and outputs that have names."""
# ruff: noqa: E501 (a message is one line)

import json
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command import run

import explainer
from explainer.check.report import findings
from tests.test_gradients import smooth

CONVENTIONS = ("lecture", "mitchell", "layered")

PROBLEM = """\
[network]
inputs = ["size", "age"]
outputs = ["cat", "dog"]
[network.parameters]
b_1 = 0.35
w = { value = 0.45, trained = true }
[[network.layers]]
weights = [[0.15, 0.20], [0.25, 0.30]]
biases = ["b_1", "b_1"]
mask = [[1, 1], [0, 1]]
[[network.layers]]
weights = [["w", 0.40], [0.50, "w"]]
biases = [0.60, 0.70]
trained = "weights"
[[samples]]
inputs = { age = 0.10, size = 0.05 }
targets = { dog = 0.99, cat = 0.01 }
[training]
learning_rate = 0.5
"""

PLAIN = """\
[network]
inputs = 2
[[network.layers]]
weights = [[0.15, 0.20], [0.25, 0.30]]
biases = [0.35, 0.35]
[[network.layers]]
weights = [[0.45, 0.40], [0.50, 0.45]]
biases = [0.60, 0.70]
[[samples]]
inputs = [0.05, 0.10]
targets = [0.01, 0.99]
[training]
learning_rate = 0.5
"""


def traced(text: str, **options: Any) -> explainer.api.Trace:
    """The trace of a problem."""
    return explainer.trace(explainer.loads(text, **options))


def page_of(text: str, **options: Any) -> str:
    """The page of a problem as plain text on one line."""
    return re.sub(r"\s+", " ", explainer.render(explainer.explain(traced(text, **options)), "text"))


def formula(trace: explainer.api.Trace, name: str) -> str:
    """The formula of a quantity, as a program reads it."""
    record = next(row for row in trace.rows() if row["name"] == name)
    return str(record["formula"]["text"])


# -- shared and tied --------------------------------------------------------------------------------


def test_a_shared_bias_is_changed_once_by_the_sum_of_all_delta() -> None:
    """One bias for a layer has one symbol in both sums, one change η(δ_3 + δ_4), and one row of the table."""
    trace = traced(PROBLEM)
    assert formula(trace, "net_3").endswith(" + b₁")
    assert formula(trace, "net_4").endswith(" + b₁")
    assert formula(trace, "db_1") == "η(δ₃ + δ₄)"
    assert formula(trace, "b_1_new") == "b₁ + Δb₁"
    assert formula(trace, "net_4_new").endswith(" + b₁ⁿᵉʷ")
    page = page_of(PROBLEM)
    assert "b₁ is the bias of node 3 and node 4" in page
    assert len(re.findall(r" b₁ 0\.3500 ", page)) == 1


def test_tied_weights_take_each_signal_and_pass_back_by_each_way() -> None:
    """A weight in two places adds δ x of both, and stands in the sum of each δ that it passes back."""
    trace = traced(PROBLEM)
    assert formula(trace, "dw") == "η(δ₅ o₃ + δ₆ o₄)"
    assert formula(trace, "delta_3") == "o₃(1 − o₃)(w δ₅ + w₃₆ δ₆)"
    assert formula(trace, "delta_4") == "o₄(1 − o₄)(w₄₅ δ₅ + w δ₆)"
    assert formula(traced(PROBLEM, convention="layered"), "dw") == "−α(δ₁⁽²⁾ a₁⁽¹⁾ + δ₂⁽²⁾ a₂⁽¹⁾)"


def test_the_change_of_a_shared_parameter_is_the_sum_of_those_it_would_have() -> None:
    """Sharing a number adds the changes that it would have in each place by itself."""
    shared = PLAIN.replace("[0.35, 0.35]", '["b", "b"]').replace(
        "inputs = 2\n", "inputs = 2\nparameters = { b = 0.35 }\n"
    )
    together, apart = traced(shared, arithmetic="float"), traced(PLAIN, arithmetic="float")
    assert abs(together["db"].value - apart["db_3"].value - apart["db_4"].value) < 1e-15
    assert together["E"].value == apart["E"].value


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_a_name_is_the_same_in_every_convention(convention: str) -> None:
    """A parameter with a name of its own is called so everywhere: found, put in, sliced and recorded by it."""
    problem = explainer.loads(PROBLEM, convention=convention)
    trace = explainer.trace(problem)
    assert trace["b_1"].value == Decimal("0.35")
    assert trace["b₁ⁿᵉʷ"].value == trace["b_1_new"].value != trace["b_1"].value
    assert trace["Δw"].name == "dw"
    assert explainer.trace(problem, overrides={"b_1": "0.5"})["b_1"].value == Decimal("0.5")
    sliced = [step.quantity.role for step in trace.only("db_1")]
    assert sliced.count("delta") == 4
    assert sliced.count("change") == 1
    records = {row["name"]: row for row in trace.rows()}
    assert records["b_1_new"]["indices"] == {"layer": 1, "unit": 1, "source": 0, "sample": 0, "iteration": 1}
    assert sum("b_1_new" in row["operands"] for row in records.values()) == 2


def test_a_slice_of_a_shared_parameter_shows_all_its_places() -> None:
    """The page of Δb_1 works out both δ that it adds, and no other change."""
    page = re.sub(r"\s+", " ", explainer.render(explainer.explain(traced(PROBLEM), only="db_1"), "text"))
    assert "δ₃ = " in page
    assert "δ₄ = " in page
    assert "Δw" not in page.partition("Updates")[2].partition("Shared parameters")[2]


# -- not trained ------------------------------------------------------------------------------------


def test_what_is_not_trained_has_no_change_and_no_new_value() -> None:
    """Biases that are not trained have no Δ, no update and no row, and the check takes their old values."""
    trace = traced(PROBLEM)
    names = {step.name for step in trace}
    assert not names & {"db_5", "db_6", "b_5_new", "b_6_new"}
    assert formula(trace, "net_5_new") == "o₃ⁿᵉʷ wⁿᵉʷ + o₄ⁿᵉʷ w₄₅ⁿᵉʷ + b₅"
    page = page_of(PROBLEM)
    assert "Not trained, and so kept as they are: b₅ and b₆." in page
    assert " b₅ 0.6" not in page.partition("before and after")[2]


@pytest.mark.parametrize(
    ("trained", "said", "again"),
    [
        ("weights", "The biases are not trained: they keep their values.", "now with the new weights."),
        ("biases", "The weights are not trained: they keep their values.", "now with the new biases."),
        ("all", "A bias is changed in the same way", "now with the new weights and biases."),
    ],
)
def test_the_page_says_what_is_trained(trained: str, said: str, again: str) -> None:
    """A page says once what keeps its value, and what is new in the check."""
    settings = {f"network.layers[{layer}].trained": trained for layer in (0, 1)}
    page = page_of(PLAIN, settings=settings)
    assert page.count(said) == 1
    assert again in page
    assert ("Every weight" in page) == (trained != "biases")


def test_a_named_parameter_says_itself_whether_it_is_trained() -> None:
    """`trained = false` keeps a single weight of a layer that is trained."""
    trace = traced(PROBLEM.replace("trained = true", "trained = false"))
    names = {step.name for step in trace}
    assert "w_new" not in names
    assert "w_36_new" in names


def test_mazur_prints_the_two_halves_of_the_error() -> None:
    """The error of each output, which the source prints one by one, is half the square of ours."""
    path = Path(__file__).parent.parent / "problems" / "mazur-2-2-2.toml"
    trace = explainer.trace(explainer.load(path))
    for name, figure in (("err_1", 0.274811083), ("err_2", 0.023560026)):
        assert round(trace[name].value ** 2 / 2, 9) == figure


# -- missing connections ----------------------------------------------------------------------------


def test_a_missing_connection_is_left_out_of_every_sum() -> None:
    """No term, no weight and no update for a connection that is not there, and the page says which it is."""
    trace = traced(PROBLEM)
    assert formula(trace, "net_4") == "x₂ w₂₄ + b₁"
    assert "w_14" not in {*map(trace.names.typed, trace.given)}
    assert "w_14_new" not in {step.name for step in trace}
    page = page_of(PROBLEM)
    assert "Into node 4: w₂₄ = 0.30, b₁ = 0.35; no connection from x₁ (size)" in page
    assert "Where there is no connection, the term is left out of the sum." in page
    assert "w₁₄" not in page


def test_a_missing_connection_is_one_of_weight_zero() -> None:
    """Outputs and δ are those of a network with the weight 0 in the place where there is no connection."""
    missing = traced(PLAIN, settings={"network.layers[1].mask": [[0, 1], [1, 1]]}, arithmetic="float")
    zero = traced(PLAIN, settings={"network.layers[1].weights[0][0]": 0}, arithmetic="float")
    for step in missing:
        if step.phase in ("forward", "error", "backward"):
            assert step.value == zero[step.name].value, step.name


def test_a_unit_that_nothing_feeds_has_only_its_bias() -> None:
    """Without connections a net input is the bias, and without a bias it is 0."""
    mask = {"network.layers[0].mask": [[0, 0], [1, 1]]}
    assert formula(traced(PLAIN, settings=mask), "net_3") == "b₃"
    without = PLAIN.replace("biases = [0.35, 0.35]\n", "")
    assert "net₃ = 0 Activation" in page_of(without, settings=mask)
    assert traced(without, settings=mask)["o_3"].value == Decimal("0.5")


def test_a_unit_that_feeds_nothing_has_no_error() -> None:
    """The δ of a hidden unit that no other unit takes up is 0, and the page says why."""
    mask = {"network.layers[1].mask": [[1, 0], [1, 0]]}
    trace = traced(PLAIN, settings=mask)
    assert trace["delta_4"].value == 0
    assert "No unit takes up o₄: no error comes back, and δ₄ = 0." in page_of(PLAIN, settings=mask)
    assert not any(finding.wrong for finding in findings(trace))


@pytest.mark.parametrize("arithmetic", ["decimal", "float", "letters"])
@pytest.mark.parametrize("seed", range(1, 40, 2))
def test_the_check_holds_for_every_kind_of_parameter(seed: int, arithmetic: str) -> None:
    """Gradients, δ and equalities hold whatever is shared, missing or kept."""
    for finding in findings(traced(smooth(seed).toml, arithmetic=arithmetic)):
        assert not finding.wrong, f"{finding.subject}: {finding.wrong}"


# -- names of inputs and outputs --------------------------------------------------------------------


def test_inputs_and_outputs_are_shown_with_their_names() -> None:
    """The page says what an input or an output is called, beside its symbol."""
    page = page_of(PROBLEM)
    assert "Inputs: x₁ = 0.05 (size), x₂ = 0.10 (age)" in page
    assert "Targets: t₅ = 0.01 (cat), t₆ = 0.99 (dog)" in page
    assert "Output layer, node 5 (cat)" in page
    assert "o₅ (cat) moved from" in page
    assert "output o₆ (dog)" in page


def test_a_sample_by_names_is_the_sample_in_order() -> None:
    """Numbers given by name are those of the list, whatever their order in the file."""
    listed = PROBLEM.replace("{ age = 0.10, size = 0.05 }", "[0.05, 0.10]")
    listed = listed.replace("{ dog = 0.99, cat = 0.01 }", "[0.01, 0.99]")
    assert [step.value for step in traced(listed)] == [step.value for step in traced(PROBLEM)]
    assert traced(PROBLEM, settings={"samples[0].inputs.size": 1})["x_1"].value == 1


@pytest.mark.parametrize("markup", ["markdown", "latex", "text"])
def test_names_of_any_letters_are_printed(markup: str) -> None:
    """A name with signs of the markup in it is set as it stands."""
    text = PROBLEM.replace('"size"', '"a_b & 50% $x$"').replace("size =", '"a_b & 50% $x$" =')
    page = explainer.render(explainer.explain(traced(text)), markup)
    assert "50" in page
    assert ("a_b & 50% $x$" in page) == (markup == "text")


# -- files ------------------------------------------------------------------------------------------


def test_the_example_of_the_readme_is_valid() -> None:
    """The README's network with shared parameters is explained, within its own problem."""
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    example = next(block for block in blocks if "[network.parameters]" in block)
    trace = traced(f"{example}\n[training]\nlearning_rate = 0.5\n")
    assert "w_new" not in {step.name for step in trace}
    assert "b_1_new" in {step.name for step in trace}


def test_the_schema_takes_and_refuses_what_reading_does() -> None:
    """An editor finds nothing wrong in a file with all these fields, and finds what is of another form."""
    import jsonschema

    validator = jsonschema.Draft202012Validator(json.loads(run("schema", "problem").out))
    assert validator.is_valid(tomllib.loads(PROBLEM))
    for right, wrong in (
        ('trained = "weights"', 'trained = "bias"'),
        ("[0, 1]]", "[0, 2]]"),
        ("b_1 = 0.35", "b_1 = { trained = true }"),
        ("size = 0.05", 'size = "big"'),
    ):
        assert not validator.is_valid(tomllib.loads(PROBLEM.replace(right, wrong, 1))), wrong


FAULTS = [
    # names in place of numbers
    ('["b_1", "b_1"]', '["b_2", "b_1"]', 'network.layers[0].biases[0]: unknown parameter "b_2" (did you mean "b_1"?)'),
    ('["w", 0.40]', '["w", "0.40"]', 'network.layers[1].weights[0][1]: unknown parameter "0.40" (expected one of: b_1, w)'),
    ('["b_1", "b_1"]', "[0.1, true]", "network.parameters.b_1: stands nowhere; expected its name in place of a number among the weights or biases|network.layers[0].biases[1]: found true, expected a number or a name"),
    ("b_1 = 0.35", 'b_1 = "0.35"', 'network.parameters.b_1: found "0.35", expected a number'),
    ("b_1 = 0.35", "b_1 = { trained = false }", "network.parameters.b_1.value: missing; expected a number"),
    ("b_1 = 0.35", "b_1 = { value = 1, train = false }", 'network.parameters.b_1.train: unknown key (did you mean "trained"?)'),
    ("trained = true", "trained = 1", "network.parameters.w.trained: found 1, expected true or false"),
    # names that are no symbols, or that the page needs
    ("b_1", "b_new", "network.parameters.b_new: not a symbol; expected a letter or a word, and after _ what stands below it, for example \"b_1\""),
    ("b_1", "b1", 'network.parameters.b1: not a symbol; expected a letter or a word, and after _ what stands below it, for example "b_1"'),
    ("b_1 ", '"my bias" ', 'network.parameters."my bias": not a symbol; expected a letter or a word, and after _ what stands below it, for example "my_bias"|network.layers[0].biases[0]: unknown parameter "b_1" (expected one of: my bias, w)|network.layers[0].biases[1]: unknown parameter "b_1" (expected one of: my bias, w)'),
    ("b_1", "e", "network.parameters.e: every page uses e for itself; expected another name, such as e_1"),
    ("b_1", "b_5", 'network.parameters.b_5: in the convention "lecture" another quantity is called so; expected another name'),
    ("b_1", "dw_13", 'network.parameters.dw_13: in the convention "lecture" another quantity is called so; expected another name'),
    ("b_1", "E", 'network.parameters.E: in the convention "lecture" another quantity is called so; expected another name'),
    # what is trained
    ('trained = "weights"', 'trained = "bias"', 'network.layers[1].trained: unknown trained "bias" (did you mean "biases"?)'),
    ('trained = "weights"', "trained = false", "network.layers[1].trained: found false, expected one of: all, weights, biases, none"),
    ("[0.60, 0.70]", '["b_1", 0.70]', "network.parameters.b_1: trained at network.layers[0].biases[0], but not at network.layers[1].biases[0]; expected { value = …, trained = … }, to say which holds"),
    # masks
    ("[[1, 1], [0, 1]]", "[[1, 1]]", "network.layers[0].mask: 1 row, but the layer has 2 units"),
    ("[[1, 1], [0, 1]]", "[[1, 1], [0, 1, 1]]", "network.layers[0].mask[1]: 3 columns, but 2 units send to it"),
    ("[[1, 1], [0, 1]]", "[[1, 1], [0, 2]]", "network.layers[0].mask[1][1]: found 2, expected at most 1"),
    ("[[1, 1], [0, 1]]", "[[1, 1], [0, true]]", "network.layers[0].mask[1][1]: found true, expected a whole number"),
    ("[[1, 1], [0, 1]]", "[1, 0]", "network.layers[0].mask[0]: found 1, expected a list of numbers|network.layers[0].mask[1]: found 0, expected a list of numbers"),
    # names of inputs and outputs
    ('["size", "age"]', '["size", "size"]', 'network.inputs[1]: "size" is already the name of network.inputs[0]|samples[0].inputs.age: unknown name (expected one of: size, size)'),
    ('["size", "age"]', '["size"]', "network.layers[0].weights: 2 columns, but the network has 1 input|samples[0].inputs.age: unknown name (expected size)"),
    ('["size", "age"]', '["size", ""]', "network.inputs[1]: found no text at all|samples[0].inputs.age: unknown name (expected size)"),
    ('["size", "age"]', "2", "samples[0].inputs: found a table, but network.inputs gives no names; expected a list of numbers"),
    ('["cat", "dog"]', '["cat"]', "network.outputs: 1 name, but the last layer has 2 units|samples[0].targets.dog: unknown name (expected cat)"),
    ("age = 0.10", "aeg = 0.10", 'samples[0].inputs.aeg: unknown name (did you mean "age"?)|samples[0].inputs.age: missing; expected a number'),
    ("age = 0.10", 'age = "x"', 'samples[0].inputs.age: found "x", expected a number'),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "expected"), FAULTS)
def test_a_fault_is_named_with_its_place(right: str, wrong: str, expected: str) -> None:
    """Each fault of these fields gets one line: the place, what was found and what was expected."""
    count = -1 if re.fullmatch(r"b_1", right) else 1
    with pytest.raises(explainer.ProblemError) as caught:
        traced(PROBLEM.replace(right, wrong, count))
    assert sorted(caught.value.lines()) == sorted(expected.split("|"))


def test_a_network_that_learns_nothing_is_refused() -> None:
    """Where nothing at all is trained, there is no step to explain."""
    settings = {f"network.layers[{layer}].trained": "none" for layer in (0, 1)}
    with pytest.raises(explainer.ProblemError) as caught:
        traced(PLAIN, settings=settings)
    assert caught.value.lines() == ["network.layers: nothing is trained; expected a layer or a parameter that is"]
