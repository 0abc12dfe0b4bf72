"""Mistakes in the files of small exercises: each is named with its place, and with the remedy."""
# ruff: noqa: E501 (a message is one line)

from pathlib import Path

import pytest
from command import faults_of, run

import explainer

FAULTS = [
    ('kind = "output-delta"', "unit: missing; expected a table"),
    ('kind = "output-delta"\n[unit]\ntarget = 1', "unit: missing net or output, expected one of them"),
    (
        'kind = "output-delta"\n[unit]\nnet = 1\noutput = 1\ntarget = 1',
        "unit: found net and output, expected one of them",
    ),
    (
        'kind = "output-delta"\n[unit]\nactivation = "relu"\noutput = 1\ntarget = 1',
        "unit.output: this activation's derivative is not a formula in the output; give net instead",
    ),
    (
        'kind = "hidden-delta"\n[unit]\noutput = 1\ndownstream = [{ weight = 1 }]',
        "unit.downstream[0]: missing delta, or output and target to work it out from",
    ),
    (
        'kind = "hidden-delta"\n[unit]\noutput = 1\ndownstream = [{ weight = 2, delta = 1, target = 2 }]',
        "unit.downstream[0].target: found delta too, which needs nothing to be worked out from",
    ),
    ('kind = "neuron"\n[unit]\ninputs = [1, 2]\nweights = [1]', "unit.weights: 1 weight, but there are 2 inputs"),
    (
        'kind = "neuron"\n[unit]\ninputs = [1]\nweights = [1]\nactivation = { name = "sigmoid", slope = 0.1 }',
        "unit.activation.slope: sigmoid has no parameter of this name",
    ),
    (
        'kind = "error"\n[[samples]]\noutputs = [1, 2]\ntargets = [1, 2]\n[[samples]]\noutputs = [1]\ntargets = [1]',
        "samples[1].outputs: 1 output, but sample 0 has 2",
    ),
    (
        'kind = "neuron"\n[unit]\ninputs = [1]\nweights = [1]\n[presentation]\nderivation = true',
        (
            "presentation.derivation: found true, but neuron has no rule that is derived; "
            "take step, training, output-delta, hidden-delta, update, rates or function"
        ),
    ),
    ('kind = "function"\n[function]\npoints = []', "function.points: found 0 items, expected at least 1"),
    (
        'kind = "function"\n[function]\npoints = [1]\ncurve = { from = 2, to = 1, points = 3 }',
        "function.curve.to: found 1, expected more than 2, where the curve starts",
    ),
    (
        'kind = "update"\n[update]\nweight = 1\ndelta = 1\ninput = 1\nlearning_rate = 0',
        "update.learning_rate: found 0, expected more than 0",
    ),
    (
        'kind = "rates"\n[update]\nweight = 1\ndelta = 1\ninput = 1\nlearning_rates = [0.1, "x"]',
        'update.learning_rates[1]: found "x", expected a number',
    ),
    (
        'kind = "rates"\n[update]\nweight = 1\ndelta = 1\ninput = 1\nlearning_rates = [1]\nsample = 1',
        "update.sample: unknown key (expected one of: weight, delta, input, learning_rates)",
    ),
    # softmax and the losses: what does not go together, with what would
    (
        'kind = "neuron"\n[unit]\ninputs = [1]\nweights = [1]\nactivation = "softmax"',
        "unit.activation: softmax shares 1 out among the units of a layer, and here is one alone; take sigmoid",
    ),
    (
        'kind = "function"\n[function]\nactivation = "softmax"\npoints = [1]',
        "function.activation: softmax shares 1 out among the units of a layer, and here is one alone; take sigmoid",
    ),
    (
        'kind = "hidden-delta"\n[unit]\nactivation = "softmax"\noutput = 0.5\ndownstream = [{ weight = 1, delta = 1 }]',
        "unit.activation: softmax shares 1 out among the units of a layer, and here is one alone; take sigmoid",
    ),
    (
        'kind = "output-delta"\nloss = "cross-entropy"\n[unit]\nactivation = "softmax"\nnet = 1\ntarget = 1',
        "unit.net: found one number, but softmax takes the net inputs of the whole layer; give a list with one for each unit, or output",
    ),
    (
        'kind = "output-delta"\n[unit]\nactivation = "softmax"\noutput = 0.7\ntarget = 1',
        "unit.output: found one number, but with this loss δ takes every output of the softmax layer; give a list with one for each unit, or take cross-entropy",
    ),
    (
        'kind = "output-delta"\nloss = "cross-entropy"\n[unit]\nactivation = "softmax"\noutput = [0.7, 0.2]\ntarget = [1, 0]',
        "unit.output: softmax gives outputs that are together 1, not 0.9",
    ),
    (
        'kind = "output-delta"\nloss = "cross-entropy"\n[unit]\nactivation = "softmax"\nnet = [1, 2]\ntarget = [1, 1]',
        "unit.target: cross-entropy takes targets that are a distribution: none below 0, and together 1, such as [0, 1, 0]",
    ),
    (
        'kind = "output-delta"\nloss = "cross-entropy"\n[unit]\nactivation = "softmax"\nnet = [1, 2]\ntarget = 1',
        "unit.target: found one number, but net is a list; expected 2 of them",
    ),
    (
        'kind = "output-delta"\nloss = "cross-entropy"\n[unit]\nactivation = "softmax"\nnet = [1, 2]\ntarget = [0, 1, 0]',
        "unit.target: 3 targets, but net has 2",
    ),
    (
        'kind = "output-delta"\n[unit]\nnet = [1, 2]\ntarget = 1',
        "unit.net: found a list, but only the outputs of softmax depend on each other; expected a number",
    ),
    (
        'kind = "output-delta"\nloss = "cross-entropy"\n[unit]\noutput = 0.5\ntarget = 1',
        "unit.activation: cross-entropy takes outputs that are a distribution, which sigmoid does not give; take softmax",
    ),
    (
        'kind = "output-delta"\nloss = "binary-cross-entropy"\n[unit]\nactivation = "tanh"\noutput = 0.5\ntarget = 1',
        "unit.activation: binary-cross-entropy takes the logarithm of outputs between 0 and 1, which tanh does not give; take sigmoid",
    ),
    (
        'kind = "output-delta"\nloss = "hinge"\n[unit]\nactivation = "linear"\noutput = 0.5\ntarget = 0',
        "unit.target: hinge takes targets 1 and -1, for the two classes",
    ),
    (
        'kind = "output-delta"\n[unit]\noutput = 1.5\ntarget = 1',
        "unit.output: sigmoid gives outputs between 0 and 1; expected such, or linear",
    ),
    (
        'kind = "output-delta"\n[unit]\nactivation = "step"\nnet = 1\ntarget = 1',
        "unit.activation: step has no slope for gradient descent to go by; take sigmoid, which is a step made smooth",
    ),
    (
        'kind = "output-delta"\nloss = { name = "huber", over = "both" }\n[unit]\noutput = 0.5\ntarget = 1',
        "loss.over: huber has no parameter of this name (expected width)",
    ),
    (
        'kind = "error"\nloss = "cross-entropy"\n[[samples]]\noutputs = [0.5, 0.6]\ntargets = [1, 0]',
        "samples[0].outputs: cross-entropy takes outputs that are a distribution, as softmax gives: each above 0, and together 1; for others take half-squared-error",
    ),
    (
        'kind = "error"\nloss = "binary-cross-entropy"\n[[samples]]\noutputs = [1]\ntargets = [1]',
        "samples[0].outputs: binary-cross-entropy takes logarithms, so outputs that lie between 0 and 1, and are neither; for others take half-squared-error",
    ),
    # functions of one's own
    (
        'kind = "neuron"\n[unit]\ninputs = [1]\nweights = [1]\nactivation = "sigmoit"',
        'unit.activation: unknown activation "sigmoit" (did you mean "sigmoid"?)',
    ),
    (
        'kind = "output-delta"\n[unit]\nactivation = "z / (1 + exp(-z))"\noutput = 0.5\ntarget = 1',
        "unit.output: this activation's derivative is not a formula in the output; give net instead",
    ),
    (
        'kind = "function"\n[functions.tanh]\nformula = "z"\n[function]\npoints = [1]',
        "functions.tanh: there is an activation of this name already; choose another",
    ),
]


@pytest.mark.parametrize(("text", "fault"), FAULTS)
def test_a_fault_is_named_with_its_place(text: str, fault: str, tmp_path: Path) -> None:
    """Each mistake gets one line: the place, what was found, what was expected."""
    assert faults_of(text, tmp_path) == [fault]


FORMULAS = [
    (
        'kind = "neuron"\n[unit]\ninputs = [1]\nweights = [1]\nactivation = "z / (1 + )"',
        ['unit.activation: found ")" where a number, z or a function was expected', "  z / (1 + )", "           ^"],
    ),
    (
        'kind = "hidden-delta"\n[unit]\noutput = 0.5\ndownstream = [{ weight = 1, activation = "c z", net = 1, target = 1 }]',
        [
            'unit.downstream[0].activation: unknown name "c" (expected one of: z, exp, sqrt, √, ln, log, tanh, sigmoid, σ, relu, abs, max, min)',
            "  c z",
            "  ^",
        ],
    ),
    (
        'kind = "function"\n[functions.g]\nformula = "z +"\n[function]\nactivation = "g"\npoints = [1]',
        [
            "functions.g.formula: found the end where a number, z or a function was expected",
            "  z +",
            "     ^",
        ],
    ),
    (
        'kind = "neuron"\n[unit]\ninputs = [1]\nweights = [-2]\nactivation = "ln(z)"',
        [
            "o_j: the logarithm of a negative number, because net_j is -2; f has no value there; change what goes in, or its formula"
        ],
    ),
    (
        'kind = "function"\n[function]\nactivation = "1 / (z - 1)"\npoints = [2, 1]',
        ["f(1): a division by 0, because z_2 is 1; f has no value there; change what goes in, or its formula"],
    ),
    (
        'kind = "output-delta"\n[unit]\nactivation = "sqrt(z)"\nnet = 0\ntarget = 1',
        ["delta_k: a division by 0, because net_k is 0; f′ has no value there; change what goes in, or its formula"],
    ),
    (
        'kind = "function"\n[function]\nactivation = "sqrt(z)"\npoints = [2]\ncurve = { from = -1, to = 1, points = 3 }',
        ["function.curve: the square root of a negative number at z = -1; f has no value there"],
    ),
]


@pytest.mark.parametrize(("text", "lines"), FORMULAS)
def test_a_formula_at_fault_is_shown(text: str, lines: list[str]) -> None:
    """A caret points at what cannot be read; where a function has no value, the quantity behind it is named."""
    with pytest.raises(explainer.ProblemError) as caught:
        explainer.explain(explainer.trace(explainer.loads(text)))
    assert caught.value.lines() == lines


def test_a_file_that_states_no_kind_is_told_which_it_may_be(tmp_path: Path) -> None:
    """The tables of an exercise without its kind are recognized."""
    file = tmp_path / "x.toml"
    file.write_text("[function]\npoints = [1]\n", encoding="utf-8")
    first, *_ = run("explain", str(file)).err
    assert first == f'{file}: kind: missing; without it a file is a "step" (did you mean "function"?)'
