"""Bad input: each fault on one clear line, all of them at once, and nothing written."""
# ruff: noqa: E501 (a message is one line)

import re
import stat
import warnings
from decimal import Decimal
from pathlib import Path

import pytest
from command import PROBLEM, run

import explainer

BEFORE = "what was here before\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own folder with a problem and an older page, to work in."""
    (tmp_path / "problem.toml").write_text(PROBLEM, encoding="utf-8")
    (tmp_path / "page.md").write_text(BEFORE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(*arguments: str) -> list[str]:
    """What a command says that is refused: with status 2, without output, and with every file as it was."""
    before = contents(Path())
    done = run(*arguments)
    assert done.status == 2
    assert done.out == ""
    assert contents(Path()) == before
    assert not [line for line in done.err if re.search(r"Decimal\(|None\b|dict|Traceback|datetime", line)]
    return done.err


def faults(text: str) -> list[str]:
    """What is said of a problem file with this text."""
    Path("problem.toml").write_text(text, encoding="utf-8")
    return refused("explain", "problem.toml", "-o", "page.md")


W0 = "weights = [[0.2, 0.4, -0.5], [-0.3, 0.1, 0.2]]"
B0 = "biases = [-0.4, 0.2]"
LAYERS = PROBLEM[PROBLEM.index("[[network.layers]]") : PROBLEM.index("[[samples]]")]
ACTIVATIONS = "sigmoid, tanh, relu, leaky-relu, elu, softplus, gelu, gelu-tanh, silu, softmax, linear, step"
LOSSES = "half-squared-error, sum-squared-error, mean-squared-error, absolute-error, binary-cross-entropy, cross-entropy, huber, hinge"

LAST = PROBLEM[PROBLEM.rindex("[[network.layers]]") :]

FAULTS = [
    # not TOML
    ("inputs = 3\n", "inputs = 3 units\n", "line 4: not TOML: expected newline or end of document after a statement"),
    ("inputs = 3\n", "inputs is 3\n", "line 4: not TOML: expected '=' after a key in a key/value pair"),
    ("inputs = 3\n", "inputs = 3\ninputs = 3\n", "line 5: not TOML: a key that has been given before"),
    ("[training]", "[network]", "line 18: not TOML: cannot declare ('network',) twice"),
    (
        "inputs = 3\n",
        "inputs = three\n",
        "line 4: not TOML: expected a value: a number, a text in quotes, true, false, or a list in brackets",
    ),
    ("learning_rate = 0.9\n", "learning_rate = [", "end of file: not TOML: expected a value: a number, a text in quotes, true, false, or a list in brackets"),
    ("inputs = 3\n", "§\n", "line 4: not TOML: expected key = value or a [table]"),
    ("inputs = 3\n", f"inputs = {'9' * 5000}\n", "a number of the file is beyond all range"),
    ("0.9", "1e99999999999999999999", "a number of the file is beyond all range"),
    ("inputs = 3\n", f"inputs = {'[' * 100}{']' * 100}\n", "tables or lists lie within each other more than 30 deep"),
    ("inputs = 3\n", f"inputs = {'[' * 5000}{']' * 5000}\n", "tables or lists lie within each other more than 30 deep"),
    ("inputs = 3\n", f"{'a.' * 3000}a = 1\n", "tables or lists lie within each other more than 30 deep"),
    # unknown and missing keys
    ("title", "titel", 'titel: unknown key (did you mean "title"?)'),
    (B0, "bias = [1]", 'network.layers[0].bias: unknown key (did you mean "biases"?)'),
    ("learning_rate", "learningRate", 'training.learningRate: unknown key (did you mean "learning_rate"?)|training.learning_rate: missing; expected a number'),
    ("title =", "qqq =", "qqq: unknown key (expected one of: kind, network, functions, samples, training, title, source, numbers, presentation, published, errata)"),
    ("inputs = 3\n", "", "network.inputs: missing; expected a whole number"),
    (LAYERS, "", "network.layers: missing; expected a list of tables"),
    (W0, "", "network.layers[0].weights: missing; expected a list of lists of numbers"),
    ("targets = [1]\n", "", "samples[0].targets: missing; expected a list of numbers"),
    # wrong types
    ("inputs = 3\n", "inputs = 3.0\n", "network.inputs: found 3.0, expected a whole number, without a point"),
    ("inputs = 3\n", "inputs = 2.5\n", "network.inputs: found 2.5, expected a whole number"),
    ("inputs = 3\n", "inputs = true\n", "network.inputs: found true, expected a whole number"),
    ("inputs = 3\n", 'inputs = "3"\n', 'network.inputs: found "3", expected a whole number'),
    ("0.9", "false", "training.learning_rate: found false, expected a number"),
    ("0.9", '"0,9"', 'training.learning_rate: found "0,9", expected a number'),
    ("0.9", "1979-05-27", "training.learning_rate: found the date 1979-05-27, expected a number"),
    ("0.9", "07:32:00", "training.learning_rate: found the time 07:32:00, expected a number"),
    ("0.9", "{}", "training.learning_rate: found a table, expected a number"),
    ('"A small network"', "[1]", "title: found a list, expected text"),
    ('"A small network"', f'"{"x" * 501}"', "title: found 501 characters, expected at most 500"),
    ("[1, 0, 1]", "[1, true, 1]", "samples[0].inputs[1]: found true, expected a number"),
    ("[[samples]]", "[samples]", "samples: found a single table, expected a list of tables; each starts with its name in double brackets"),
    (B0, "biases = 0.5", "network.layers[0].biases: found 0.5, expected a list of numbers"),
    # weights that are ragged or do not fit
    (W0, "weights = [[0.2, 0.4, -0.5], [-0.3, 0.1]]", "network.layers[0].weights: row 1 has 2 columns, but row 0 has 3; expected 3 in each"),
    (W0, "weights = [[0.2, 0.4], [-0.3, 0.1]]", "network.layers[0].weights: 2 columns, but the network has 3 inputs"),
    (W0, "weights = [[0.2, -0.3], [0.4, 0.1], [-0.5, 0.2]]\n", "network.layers[0].weights: 2 columns, but the network has 3 inputs (are rows and columns exchanged?)|network.layers[0].biases: 2 biases, but the layer has 3 units|network.layers[1].weights: 2 columns, but layer 0 has 3 units"),
    ("[[-0.3, -0.2]]", "[[-0.3, -0.2, 1]]", "network.layers[1].weights: 3 columns, but layer 0 has 2 units"),
    ("[[-0.3, -0.2]]", "[[-0.3]]", "network.layers[1].weights: 1 column, but layer 0 has 2 units"),
    ("[[-0.3, -0.2]]", "[-0.3, -0.2]", "network.layers[1].weights[0]: found -0.3, expected a list of numbers|network.layers[1].weights[1]: found -0.2, expected a list of numbers|network.layers[1].biases: 1 bias, but the layer has 2 units|samples[0].targets: 1 target, but the last layer has 2 units"),
    (W0, "weights = []", "network.layers[0].weights: found 0 items, expected at least 1"),
    ("[[-0.3, -0.2]]", "[[]]", "network.layers[1].weights[0]: found 0 items, expected at least 1"),
    (B0, "biases = [-0.4]", "network.layers[0].biases: 1 bias, but the layer has 2 units"),
    (B0, "biases = []", "network.layers[0].biases: 0 biases, but the layer has 2 units"),
    # inputs and targets that do not fit
    ("[1, 0, 1]", "[1, 0]", "samples[0].inputs: 2 inputs, but the network has 3 inputs"),
    ("[1, 0, 1]", "[]", "samples[0].inputs: 0 inputs, but the network has 3 inputs"),
    ("targets = [1]", "targets = [1, 0]", "samples[0].targets: 2 targets, but the last layer has 1 unit"),
    # unknown names
    ('activation = "sigmoid"\nweights = [[-', 'activation = "sigmod"\nweights = [[-', 'network.layers[1].activation: unknown activation "sigmod" (did you mean "sigmoid"?)'),
    ('activation = "sigmoid"\nweights = [[-', 'activation = "TANH"\nweights = [[-', 'network.layers[1].activation: unknown activation "TANH" (did you mean "tanh"?)'),
    ('activation = "sigmoid"\nweights = [[-', 'activation = "boxcar"\nweights = [[-', f'network.layers[1].activation: unknown activation "boxcar" (expected one of: {ACTIVATIONS})'),
    ('activation = "sigmoid"\nweights = [[-', "activation = 1\nweights = [[-", "network.layers[1].activation: found 1, expected text"),
    ('activation = "sigmoid"\nweights = [[-', 'activation = { name = "leaky" }\nweights = [[-', 'network.layers[1].activation.name: unknown activation "leaky" (did you mean "leaky-relu"?)'),
    ('activation = "sigmoid"\nweights = [[-', 'activation = { name = "relu", slope = 0.1 }\nweights = [[-', "network.layers[1].activation.slope: relu has no parameter of this name"),
    ('activation = "sigmoid"\nweights = [[-', 'activation = { name = "leaky-relu", slope = 1 }\nweights = [[-', "network.layers[1].activation.slope: found 1, expected less than 1"),
    ('activation = "sigmoid"\nweights = [[-', 'activation = { name = "elu", alpha = 0 }\nweights = [[-', "network.layers[1].activation.alpha: found 0, expected more than 0"),
    ('"half-squared-error"', '{ name = "huber", width = -1 }', "training.loss.width: found -1, expected more than 0"),
    ('"half-squared-error"', '{ name = "huber", over = "outputs" }', "training.loss.over: huber has no parameter of this name (expected width)"),
    ('"half-squared-error"', '{ name = "mean-squared-error", over = "units" }', 'training.loss.over: unknown over "units" (expected one of: outputs, samples, both)'),
    # functions, losses and targets that do not go together
    ('activation = "sigmoid"\nweights = [[-', 'activation = "step"\nweights = [[-', "network.layers[1].activation: step has no slope for gradient descent to go by; take sigmoid, which is a step made smooth"),
    (LAST, LAST.replace("sigmoid", "tanh").replace("half-squared-error", "binary-cross-entropy"), "network.layers[1].activation: binary-cross-entropy takes the logarithm of outputs between 0 and 1, which tanh does not give; take sigmoid"),
    (LAST, LAST.replace("targets = [1]", "targets = [1.2]").replace("half-squared-error", "binary-cross-entropy"), "samples[0].targets: binary-cross-entropy takes targets from 0 to 1: they are probabilities; for others take half-squared-error"),
    (LAST, LAST.replace("targets = [1]", "targets = [0]").replace("half-squared-error", "hinge"), "samples[0].targets: hinge takes targets 1 and -1, for the two classes"),
    (LAST, LAST.replace("[-0.3, -0.2]", "[30, 20]").replace("half-squared-error", "binary-cross-entropy"), "E: the logarithm of 0, because o_6 is 1; carry more digits (numbers.decimals), or use smaller weights"),
    ('"half-squared-error"', '"half-square-error"', 'training.loss: unknown loss "half-square-error" (did you mean "half-squared-error"?)'),
    ('loss = "half-squared-error"', 'optimizer = "momentun"', 'training.optimizer: unknown optimizer "momentun" (did you mean "momentum"?)'),
    ("[training]", '[presentation]\nconvention = "mitchel"\n[training]', 'presentation.convention: unknown convention "mitchel" (did you mean "mitchell"?)'),
    ("[training]", '[presentation]\nrounding_sign = "~"\n[training]', 'presentation.rounding_sign: unknown rounding sign "~" (expected one of: ≈, =)'),
    # numbers beyond range
    ("0.9", "nan", "training.learning_rate: found nan, expected a finite number"),
    ("[1, 0, 1]", "[nan, inf, -inf]", "samples[0].inputs[0]: found nan, expected a finite number|samples[0].inputs[1]: found inf, expected a finite number|samples[0].inputs[2]: found -inf, expected a finite number"),
    ("[1, 0, 1]", "[1e400, 0, 1]", "samples[0].inputs[0]: found 1e+400, expected at most 1000000000000"),
    ("[1, 0, 1]", "[-1e999999999, 0, 1]", "samples[0].inputs[0]: found -1e+999999999, expected at least -1000000000000"),
    ("[1, 0, 1]", "[1e-13, 0, 1]", "samples[0].inputs[0]: found 1e-13, expected 0 or at least 1e-12"),
    ("[1, 0, 1]", "[-1e-999999999, 0, 1]", "samples[0].inputs[0]: found -1e-999999999, expected 0 or at most -1e-12"),
    ("[1, 0, 1]", f"[1000000000000000000000, {hex(16**5000)}, 1]", "samples[0].inputs[0]: found a number of more than 20 digits, expected at most 1000000000000|samples[0].inputs[1]: found a number of more than 20 digits, expected one within ±1000000000000"),
    ("[1, 0, 1]", "[0.123456789012345678901, 0, 1]", "samples[0].inputs[0]: found 0.123456789012345678901, expected at most 20 digits"),
    ("inputs = 3\n", "inputs = 0\n", "network.inputs: found 0, expected at least 1"),
    ("0.9", "0", "training.learning_rate: found 0, expected more than 0"),
    ("0.9", "-0.5", "training.learning_rate: found -0.5, expected more than 0"),
    # nothing there
    (LAYERS, "layers = []\n", "network.layers: found 0 items, expected at least 1"),
    (PROBLEM, PROBLEM.replace("title", "samples = []\ntitle").replace("[[samples]]\ninputs = [1, 0, 1]\ntargets = [1]\n", ""), "samples: found 0 items, expected at least 1"),
    # places
    ("[training]", "[numbers]\ndecimals = -1\n[training]", "numbers.decimals: found -1, expected at least 0"),
    ("[training]", "[numbers]\ndecimals = 99\n[training]", "numbers.decimals: found 99, expected at most 15"),
    ("[training]", "[numbers]\nsignificant = 0\n[training]", "numbers.significant: found 0, expected at least 1"),
    ("[training]", "[numbers]\ndecimals = 3\nsignificant = 3\n[training]", "numbers: found decimals and significant, expected one of them"),
    ("[training]", "[numbers.places]\ndelta = -2\n[training]", "numbers.places.delta: found -2, expected at least 0"),
    ("[training]", '[numbers.places]\ndelta = "none"\n[training]', 'numbers.places.delta: found "none", expected a number of decimals, "all" or { significant = N }'),
    ("[training]", "[numbers.places]\ndelta = 3.0\n[training]", "numbers.places.delta: found 3.0, expected a whole number, without a point"),
    ("[training]", "[numbers.places]\ndelta = { significant = -1 }\n[training]", "numbers.places.delta.significant: found -1, expected at least 1"),
    ("[training]", "[numbers.places]\ndelt = 3\n[training]", 'numbers.places.delt: unknown key (did you mean "delta"?)'),
    # what would break the line it is reported on
    ("title", '"a\\nb"', '"a\\nb": unknown key (expected one of: kind, network, functions, samples, training, title, source, numbers, presentation, published, errata)'),
    ('"half-squared-error"', '"a\\u001b[31m\\nb"', 'training.loss: unknown loss "a\\x1b[31m\\nb" (expected one of: ' + LOSSES + ")"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "expected"), FAULTS)
def test_a_fault_is_named_with_its_place(right: str, wrong: str, expected: str) -> None:
    """Each fault of a file gets one line: the file, the place, what was found and what was expected."""
    assert PROBLEM.count(right) >= 1
    assert faults(PROBLEM.replace(right, wrong, 1)) == [f"problem.toml: {line}" for line in expected.split("|")]


def test_an_empty_file_is_told_what_a_problem_needs() -> None:
    """An empty file is answered with everything that must be in one."""
    assert faults("") == [
        "problem.toml: network: missing; expected a table",
        "problem.toml: samples: missing; expected a list of tables",
        "problem.toml: training: missing; expected a table",
    ]


def test_all_faults_are_reported_at_once() -> None:
    """Faults of spelling, type, size and range in one file all come in one go."""
    text = PROBLEM.replace("title", "titel").replace("[1, 0, 1]", "[1, nan]").replace("0.9", "-1")
    text = text.replace('loss = "half-squared-error"', 'loss = "mse"').replace("[[-0.3, -0.2]]", "[[-0.3]]")
    assert sorted(faults(text)) == [
        "problem.toml: network.layers[1].weights: 1 column, but layer 0 has 2 units",
        "problem.toml: samples[0].inputs: 2 inputs, but the network has 3 inputs",
        "problem.toml: samples[0].inputs[1]: found nan, expected a finite number",
        'problem.toml: titel: unknown key (did you mean "title"?)',
        "problem.toml: training.learning_rate: found -1, expected more than 0",
        f'problem.toml: training.loss: unknown loss "mse" (expected one of: {LOSSES})',
    ]


def test_faults_of_the_request_and_of_several_files_come_together() -> None:
    """A wrong option, a wrong setting and two wrong files are reported in one go."""
    Path("other.toml").write_text(PROBLEM.replace("0.9", "0"), encoding="utf-8")
    assert refused(
        "explain", "missing.toml", "other.toml", "-o", "nowhere", "-f", "latx", "--set", "abc", "--detail", "ful"
    ) == [
        '--format: unknown format "latx" (did you mean "latex"?)',
        "nowhere: there is no such folder; several problems need an existing one to write to",
        "--set abc: expected KEY=VALUE, for example training.learning_rate=0.5",
        "missing.toml: cannot be read: no such file or directory",
        "other.toml: training.learning_rate: found 0, expected more than 0",
        'other.toml: presentation.detail: unknown detail "ful" (did you mean "full"?)',
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("missing.toml", "missing.toml: cannot be read: no such file or directory"),
        ("there/is/none.toml", "there/is/none.toml: cannot be read: no such file or directory"),
        (".", ".: cannot be read: is a directory"),
        ("sub", "sub: cannot be read: is a directory"),
        ("a" * 300 + ".toml", "a" * 300 + ".toml: cannot be read: file name too long"),
        (
            "lecture-3-2-2",
            'lecture-3-2-2: no such file, nor a problem that comes with the program (did you mean "lecture-2-2-2" or "lecture-3-2-1"?)',
        ),
        ("a\nb.toml", "a\\nb.toml: cannot be read: no such file or directory"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(name: str, expected: str) -> None:
    """A missing file, a folder or a misspelled problem is one line, with a near name where there is one."""
    Path("sub").mkdir()
    assert refused("explain", name) == [expected]


def test_a_file_that_is_no_text_is_named() -> None:
    """A picture given by mistake is answered with where it stops being text."""
    Path("picture.toml").write_bytes(b"title = 1 # \x89PNG\r\n\x1a\n\x00\xff")
    assert refused("explain", "picture.toml") == ["picture.toml: not UTF-8 text, from byte 12 on"]
    Path("zeros.toml").write_bytes(bytes(100))
    assert refused("explain", "zeros.toml") == ["zeros.toml: line 1: not TOML: expected key = value or a [table]"]


def test_a_byte_order_mark_and_windows_lines_do_no_harm() -> None:
    """A file saved by Notepad gives the same page as any other."""
    plain = run("explain", "problem.toml")
    Path("problem.toml").write_bytes(b"\xef\xbb\xbf" + PROBLEM.replace("\n", "\r\n").encode())
    assert run("explain", "problem.toml") == plain
    assert plain.status == 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("o_44", '(did you mean "o_4"?)'),
        ("w_41", '(did you mean "w_14"?)'),
        ("weight", "(expected one of: x_1, t_6, eta, w_14, b_4, net_4, o_4, e_6, E, delta_6, dw_46, db_6)"),
        ("o_9", '(did you mean "o_4" or "o_5" or "o_6"?)'),
    ],
)
def test_a_quantity_that_is_not_there_is_answered_with_near_ones(name: str, expected: str) -> None:
    """--only with a name that there is not shows near names, for explain and for trace."""
    line = f'problem.toml: --only: no quantity is called "{name}" {expected}'
    assert refused("explain", "problem.toml", "-o", "page.md", "--only", name) == [line]
    assert refused("trace", "problem.toml", "-o", "page.txt", "--only", name) == [line]


def test_every_unknown_quantity_is_reported() -> None:
    """Two wrong names after --only are two lines."""
    lines = refused("explain", "problem.toml", "--only", "o_44", "--only", "o_4", "--only", "w_41")
    assert [re.findall('called "(.*?)"', line) for line in lines] == [["o_44"], ["w_41"]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-f", "htm"], '--format: unknown format "htm" (expected one of: markdown, latex, text)'),
        (["-f", "latx", "-o", "page.md"], '--format: unknown format "latx" (did you mean "latex"?)'),
        (["-f", "", "-o", "page.md"], '--format: unknown format "" (expected one of: markdown, latex, text)'),
        (
            ["-o", "page.pdf"],
            'page.pdf: no format ends in ".pdf" (expected one of: .md, .markdown, .tex, .txt; or name the format with -f)',
        ),
        (["--fragment"], "fragment: markdown pages have no frame to leave out (only: latex)"),
        (["--fragment", "-o", "page.txt"], "fragment: text pages have no frame to leave out (only: latex)"),
        (["-o", "nowhere/page.md"], "nowhere/page.md: cannot be written: there is no folder nowhere"),
        (["-o", ""], "--output: found nothing, expected a file or a folder"),
        (["-o", "problem.toml", "-f", "text"], "problem.toml: is the problem itself, which the page would overwrite"),
        (["-o", "b" * 300 + ".md"], "b" * 300 + ".md: cannot be written: file name too long"),
        (["--set", "abc"], "--set abc: expected KEY=VALUE, for example training.learning_rate=0.5"),
        (["--set", "=1"], "--set =1: expected KEY=VALUE, for example training.learning_rate=0.5"),
        (
            ["--set", "a b=1"],
            "problem.toml: a b: cannot be set: expected a key such as training.learning_rate or samples[0].inputs",
        ),
        (
            ["--set", "samples[1].inputs=[1]"],
            "problem.toml: samples[1].inputs: cannot be set: the list has 1 item, counted from 0",
        ),
        (
            ["--set", "network.layers[0].weights[1][3]=1"],
            "problem.toml: network.layers[0].weights[1][3]: cannot be set: the list has 3 items, counted from 0",
        ),
        (
            ["--set", "training.learning_rate.start=1"],
            "problem.toml: training.learning_rate.start: cannot be set: nothing here has a part called start",
        ),
        (["--set", "samples.inputs=1"], "problem.toml: samples.inputs: cannot be set: nothing here has a part called inputs"),
        (["--set", ".".join("a" * 40) + "=1"], f"problem.toml: {'.'.join('a' * 40)}: cannot be set: expected at most 30 parts"),
        (["--set", "titel=x"], 'problem.toml: titel: unknown key (did you mean "title"?)'),
        (["--decimals", "-1"], "problem.toml: numbers.decimals: found -1, expected at least 0"),
        (["--decimals", "99"], "problem.toml: numbers.decimals: found 99, expected at most 15"),
        (["--decimals", "two"], 'problem.toml: numbers.decimals: found "two", expected a whole number'),
        (["--detail", "ful"], 'problem.toml: presentation.detail: unknown detail "ful" (did you mean "full"?)'),
        (["--language", "xx"], 'problem.toml: presentation.language: unknown language "xx" (expected en)'),
        (["--arithmetic", "flot"], 'problem.toml: numbers.arithmetic: unknown arithmetic "flot" (did you mean "float"?)'),
        (
            ["--convention", "x"],
            'problem.toml: presentation.convention: unknown convention "x" (expected one of: aima, flat, layered, lecture, matrix, mitchell, threshold)',
        ),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_carried_out_is_one_line(arguments: list[str], expected: str) -> None:
    """Each wrong option of the command is one line that says what was found and expected."""
    assert refused("explain", "problem.toml", *arguments) == [expected]


def test_an_unknown_format_of_a_trace_is_one_line() -> None:
    """The formats of a trace are checked like those of a page."""
    known = "(expected one of: json, csv, table)"
    assert refused("trace", "problem.toml", "-f", "xml") == [f'--format: unknown format "xml" {known}']
    assert refused("trace", "problem.toml", "-o", "steps.xml") == [
        'steps.xml: no format ends in ".xml" (expected one of: .json, .csv, .txt; or name the format with -f)'
    ]


def test_values_beyond_all_range_are_named_with_the_file() -> None:
    """Weights that make a value overflow are a fault with the quantity's name, in both arithmetics."""
    text = PROBLEM.replace('"sigmoid"', '"linear"')
    text = re.sub(r"-?0\.\d", "999999999999", text)
    Path("problem.toml").write_text(text, encoding="utf-8")
    wide = "".join('[[network.layers]]\nactivation = "linear"\nweights = [[999999999999]]\n' for _ in range(30))
    Path("problem.toml").write_text(text.replace("[[samples]]", f"{wide}[[samples]]"), encoding="utf-8")
    (line,) = refused("explain", "problem.toml", "-o", "page.md", "--arithmetic", "float")
    assert re.fullmatch(r"problem\.toml: \S+: its value is beyond the range of numbers; use smaller .*", line)


@pytest.mark.parametrize("arithmetic", ["decimal", "float"])
@pytest.mark.parametrize(("net", "output"), [(-1000, 0), (1000, 1)])
def test_a_saturated_sigmoid_is_right_and_quiet(arithmetic: str, net: int, output: int) -> None:
    """σ(−1000) is 0 and σ(1000) is 1 to every digit printed, without a warning."""
    text = f"""
    network = {{ inputs = 1, layers = [{{ weights = [[{net}]] }}] }}
    samples = [{{ inputs = [1], targets = [1] }}]
    training = {{ learning_rate = 0.5 }}
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trace = explainer.trace(explainer.loads(text, arithmetic=arithmetic))
        page = explainer.render(explainer.explain(trace), "text")
    assert abs(Decimal(str(trace["o_2"].value)) - output) < Decimal("1e-400")
    assert "nan" not in page.lower()
    assert "inf" not in page.lower().replace("information", "")


def test_a_folder_that_is_read_only_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that must not be written to is reported before any work is done."""
    Path("locked").mkdir()
    monkeypatch.setattr("os.access", lambda *_: False)
    line = "locked/page.md: cannot be written: the folder locked is read-only"
    assert refused("explain", "problem.toml", "-o", "locked/page.md") == [line]
    assert refused("explain", "problem.toml", "-o", "page.md") == ["page.md: cannot be written: it is read-only"]


@pytest.mark.parametrize("failing", ["pathlib.Path.replace", "tempfile.mkstemp", "pathlib.Path.chmod", "os.fdopen"])
def test_an_existing_page_survives_a_failed_run(failing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full, the older page is untouched and no temporary file is left behind."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(failing, full)
    expected = ["page.md: cannot be written: no space left on device"]
    assert refused("explain", "problem.toml", "-o", "page.md") == expected
    assert Path("page.md").read_text(encoding="utf-8") == BEFORE


def test_nothing_is_written_when_one_of_several_problems_is_wrong() -> None:
    """With several problems, no page is written unless all can be."""
    Path("wrong.toml").write_text("", encoding="utf-8")
    Path("pages").mkdir()
    assert len(refused("explain", "problem.toml", "wrong.toml", "-o", "pages")) == 3
    assert not list(Path("pages").iterdir())


def test_two_problems_of_the_same_name_do_not_overwrite_each_other() -> None:
    """Two problems whose pages would have the same name are refused."""
    Path("sub").mkdir()
    Path("sub/problem.toml").write_text(PROBLEM, encoding="utf-8")
    assert refused("explain", "problem.toml", "sub/problem.toml", "-o", ".") == [
        "problem.md: two of the problems have this name, so that one page would overwrite the other"
    ]


def test_several_problems_need_a_folder() -> None:
    """With several problems, -o must be an existing folder."""
    Path("second.toml").write_text(PROBLEM, encoding="utf-8")
    assert refused("explain", "problem.toml", "second.toml", "-o", "page.md") == [
        "page.md: there is no such folder; several problems need an existing one to write to"
    ]


def test_a_page_is_not_written_over_a_folder() -> None:
    """A folder in the place of the page is refused."""
    Path("problem.md").mkdir()
    assert refused("explain", "problem.toml", "-o", ".") == ["problem.md: cannot be written: it is a folder"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["list", "convention"], 'unknown list "convention" (did you mean "conventions"?)'),
        (["schema", "steps"], 'unknown schema "steps" (expected one of: problem, trace, convention)'),
        (["completion", "tcsh"], 'unknown shell "tcsh" (expected one of: bash, zsh, fish)'),
    ],
)
def test_an_unknown_list_schema_or_shell_is_one_line(arguments: list[str], expected: str) -> None:
    """The commands that take one word say which words there are."""
    assert refused(*arguments) == [expected]


def test_the_permissions_of_a_page_are_kept() -> None:
    """A page that is written again keeps its permissions."""
    Path("page.md").chmod(0o640)
    assert run("explain", "problem.toml", "-o", "page.md").status == 0
    assert stat.S_IMODE(Path("page.md").stat().st_mode) == 0o640
    assert Path("page.md").read_text(encoding="utf-8") != BEFORE


def test_samples_that_are_only_measured_must_fit_too() -> None:
    """A validation sample of another size, under other names or with other targets than the loss takes, is refused."""
    text = PROBLEM + "[[validation]]\ninputs = [1, 0]\ntargets = [1, 2]\n"
    assert faults(text) == [
        "problem.toml: validation[0].inputs: 2 inputs, but the network has 3 inputs",
        "problem.toml: validation[0].targets: 2 targets, but the last layer has 1 unit",
    ]
    named = PROBLEM.replace("inputs = 3", 'inputs = 3\noutputs = ["cat"]').replace("half-squared-error", "hinge")
    validation = "[[validation]]\ninputs = [1, 0, 1]\ntargets = { cat = 2 }\n"
    wanted = "hinge takes targets 1 and -1, for the two classes"
    assert faults(named + validation) == [f"problem.toml: validation[0].targets: {wanted}"]
    validation = validation.replace("cat = 2", "dog = 1")
    assert faults(named + validation) == [
        "problem.toml: validation[0].targets.dog: unknown name (expected cat)",
        "problem.toml: validation[0].targets.cat: missing; expected a number",
    ]


def test_targets_that_are_given_by_name_must_suit_the_loss() -> None:
    """Targets under the names of the outputs are held to what the loss takes, as those in a list are."""
    text = PROBLEM.replace("inputs = 3", 'inputs = 3\noutputs = ["cat"]').replace("half-squared-error", "hinge")
    wanted = "hinge takes targets 1 and -1, for the two classes"
    assert faults(text.replace("targets = [1]", "targets = { cat = 0.5 }")) == [
        f"problem.toml: samples[0].targets: {wanted}"
    ]


def test_a_field_of_another_kind_does_not_stop_the_other_checks() -> None:
    """Where a later check reads a field that is no list or no text, it is only said to be none."""
    assert faults(f"compare = true\n{PROBLEM}") == ["problem.toml: compare: found true, expected a list of tables"]
    text = PROBLEM.replace("-0.5]", '"q"]').replace(B0, f"{B0}\ntrained = [1]")
    assert faults(f"{text}\n[network.parameters]\nq = 1\n") == [
        "problem.toml: network.layers[0].trained: found a list, expected one of: all, weights, biases, none"
    ]


def test_whole_numbers_have_no_point_wherever_they_stand() -> None:
    """A whole number with a point is refused in tables, in lists and within the layers, and a number is not."""
    text = PROBLEM.replace("0.9", "2.0").replace(W0, 'units = 2.0\ninitialization = "zeros"', 1).replace(B0, "")
    more = '[presentation]\nsteps = [1.0, "last"]\n[numbers.places]\ndelta = { significant = 3.0 }\n"check.net" = 2.0\n'
    assert sorted(faults(f"{text}\nepochs = 2.0\nbatch = 1.0\n{more}")) == [
        f"problem.toml: {place}: found {number}, expected a whole number, without a point"
        for place, number in [
            ("network.layers[0].units", "2.0"),
            ('numbers.places."check.net"', "2.0"),
            ("numbers.places.delta.significant", "3.0"),
            ("presentation.steps[0]", "1.0"),
            ("training.batch", "1.0"),
            ("training.epochs", "2.0"),
        ]
    ]


def test_an_empty_key_is_refused() -> None:
    """A key without a letter is answered with the table that it stands in, whatever stands behind it."""
    line = 'problem.toml: published: found the empty key "", expected a name'
    assert faults(f'{PROBLEM}\n[published]\n"" = [[0.7]]\n') == [line]
    assert faults(f'"" = 1\n{PROBLEM}') == ['problem.toml: found the empty key "", expected a name']


def test_a_convention_that_is_not_there_is_told_with_the_other_faults() -> None:
    """The file of a convention is looked at although the problem has faults, and a wrong parameter is told once."""
    wrong = PROBLEM.replace("0.9", "0").replace(
        'activation = "sigmoid"', 'activation = { formula = "a z", parameters = { a = "1" } }', 1
    )
    assert faults(f'{wrong}\n[presentation]\nconvention = "./none.toml"\n') == [
        'problem.toml: network.layers[0].activation.parameters.a: found "1", expected a number',
        "problem.toml: training.learning_rate: found 0, expected more than 0",
        "problem.toml: presentation.convention: none.toml: cannot be read: no such file or directory",
    ]
