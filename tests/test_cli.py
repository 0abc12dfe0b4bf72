"""The command: its help, its lists, its outputs, and files that are written whole or not at all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from command import PROBLEM, run

import explainer
from explainer import __version__
from explainer.cli import main

COMMANDS = sorted(main.commands)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own folder with a problem, to work in."""
    (tmp_path / "problem.toml").write_text(PROBLEM, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "explainer", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_the_commands_of_the_design_are_there() -> None:
    """explain, trace, check, list, schema and completion exist."""
    assert {"explain", "trace", "check", "list", "schema", "completion"} <= set(COMMANDS)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        (
            "explain",
            "-o --output -f --format --only --convention --detail --arithmetic --decimals --language --set --fragment",
        ),
        ("trace", "-o --output -f --format --only --convention --arithmetic --decimals --set"),
        ("check", "--convention --arithmetic --decimals --set"),
    ],
)
def test_the_options_of_the_design_are_there(command: str, options: str) -> None:
    """Each command takes the options that the design names for it, and says so in its help."""
    text = run(command, "--help").out
    assert [option for option in options.split() if option not in text] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_and_command_is_explained(command: str) -> None:
    """In the help of a command, it and every option come with a sentence, and no code shows through."""
    done = run(command, "-h")
    assert done.status == 0
    assert (main.commands[command].help or "").strip().splitlines()[0].endswith(".")
    for option in main.commands[command].params:
        if isinstance(option, click.Option):
            assert (option.help or "").endswith(".")
    assert "\b" not in done.out
    assert "\\b" not in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_the_first_help_shows_where_to_start() -> None:
    """The help shows commands to begin with, and they work as they stand."""
    lines = [line.strip() for line in run("--help").out.splitlines()]
    examples = [line.split()[1:] for line in lines if line.startswith("explainer ")]
    assert len(examples) >= 3
    assert [run(*example).status for example in examples] == [0] * len(examples)
    assert Path("solution.tex").exists()


def test_the_version_is_printed() -> None:
    """--version prints the version of the package."""
    assert run("--version").out == f"explainer, version {__version__}\n"


def test_the_module_does_what_the_command_does() -> None:
    """`python -m explainer` and the command print the same page, and end with the same status."""
    done = process("explain", "problem.toml", "--detail", "brief")
    assert (done.returncode, done.stdout.decode()) == run("explain", "problem.toml", "--detail", "brief")[:2]
    assert process("explain", "missing.toml").returncode == 2


@pytest.mark.parametrize("option", ["--help", "explain --help", "list", "explain problem.toml"])
def test_output_is_unicode_whatever_the_locale(option: str) -> None:
    """In a terminal or a pipe that claims to know no Unicode, the output is UTF-8 all the same."""
    done = process(*option.split(), PYTHONIOENCODING="ascii:backslashreplace")
    assert done.returncode == 0
    assert (
        process("explain", "problem.toml", "-f", "text", PYTHONIOENCODING="ascii").stdout
        == run("explain", "problem.toml", "-f", "text").out.encode()
    )


@pytest.mark.parametrize(
    ("path", "begins"),
    [("page.md", "# "), ("page.MARKDOWN", "# "), ("page.tex", "\\documentclass"), ("page.txt", "A small network\n")],
)
def test_the_suffix_says_the_format(path: str, begins: str) -> None:
    """A page for a .tex file is LaTeX, for a .txt file text, for a .md file Markdown."""
    done = run("explain", "problem.toml", "-o", path)
    assert done == (0, "", [])
    assert Path(path).read_text(encoding="utf-8").startswith(begins)


def test_the_format_asked_for_goes_before_the_suffix() -> None:
    """With -f, the suffix is free."""
    assert run("explain", "problem.toml", "-o", "page.dat", "-f", "latex").status == 0
    assert Path("page.dat").read_text(encoding="utf-8").startswith("\\documentclass")


@pytest.mark.parametrize("output", [[], ["-o", "-"]])
def test_without_a_file_the_page_goes_to_standard_output(output: list[str]) -> None:
    """No -o, and -o -, print the page, as Markdown."""
    done = run("explain", "problem.toml", *output)
    assert done.status == 0
    assert done.out.startswith("# A small network\n")
    assert os.listdir() == ["problem.toml"]  # noqa: PTH208 the names are what counts


def test_several_problems_are_written_to_a_folder() -> None:
    """Each page is named after its problem, files and shipped problems alike."""
    Path("pages").mkdir()
    assert run("explain", "problem.toml", "lecture-3-2-1", "-o", "pages", "-f", "latex") == (0, "", [])
    assert sorted(path.name for path in Path("pages").iterdir()) == ["lecture-3-2-1.tex", "problem.tex"]


def test_several_problems_are_printed_one_after_the_other() -> None:
    """Without a folder, the pages follow each other on standard output."""
    done = run("explain", "problem.toml", "problem.toml")
    assert done.out == 2 * run("explain", "problem.toml").out


def test_a_file_goes_before_a_shipped_problem_of_its_name() -> None:
    """A file of the user is never hidden by a problem that comes with the program; a folder is."""
    Path("lecture-3-2-1").mkdir()
    assert "FAST-NUCES" in run("explain", "lecture-3-2-1").out
    Path("lecture-3-2-1").rmdir()
    Path("lecture-3-2-1").write_text(PROBLEM, encoding="utf-8")
    assert run("explain", "lecture-3-2-1").out == run("explain", "problem.toml").out


def test_a_link_is_written_through() -> None:
    """Where the output is a link, the file it leads to is written, and the link stays."""
    Path("real").mkdir()
    Path("real/page.md").write_text("old\n", encoding="utf-8")
    Path("link.md").symlink_to("real/page.md")
    Path("new.md").symlink_to("real/new.md")
    for link in ("link.md", "new.md"):
        assert run("explain", "problem.toml", "-o", link).status == 0
        assert Path(link).is_symlink()
        assert Path("real", Path(link).readlink().name).read_text(encoding="utf-8").startswith("# A small network")


def test_no_temporary_file_remains() -> None:
    """After a page is written, the folder holds it and nothing else that is new."""
    run("explain", "problem.toml", "-o", "page.md")
    assert sorted(os.listdir()) == ["page.md", "problem.toml"]  # noqa: PTH208 the names are what counts


def test_a_new_page_has_the_permissions_of_any_new_file() -> None:
    """A new page can be read by whom the system's settings say, not by its owner alone."""
    Path("other").touch()
    run("explain", "problem.toml", "-o", "page.md")
    assert Path("page.md").stat().st_mode == Path("other").stat().st_mode


@pytest.mark.skipif(not Path(os.devnull).is_char_device(), reason="a device is a file on POSIX systems only")
def test_a_device_is_written_to_and_not_replaced() -> None:
    """Writing to the null device or into a pipe leaves it what it is."""
    assert run("explain", "problem.toml", "-o", os.devnull).status == 0
    assert Path(os.devnull).is_char_device()
    os.mkfifo("pipe")
    with subprocess.Popen([sys.executable, "-m", "explainer", "explain", "problem.toml", "-o", "pipe"]) as writer:
        received = Path("pipe").read_text(encoding="utf-8")
    assert writer.returncode == 0
    assert received == run("explain", "problem.toml").out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("command", [["explain", "problem.toml"], ["list"], ["schema", "problem"]])
def test_a_full_disk_is_one_line(command: list[str]) -> None:
    """Output that cannot be written is reported like any other fault."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "explainer", *command], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (2, b"standard output: cannot be written: no space left on device\n")


def test_a_reader_who_has_seen_enough_is_no_fault() -> None:
    """`explainer explain … | head -1` ends quietly."""
    with subprocess.Popen(
        [sys.executable, "-m", "explainer", "explain", *["problem.toml"] * 20],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdout.readline()
        writer.stdout.close()
        assert writer.stderr.read() == b""


@pytest.mark.parametrize("kind", ["json", "csv", "table"])
def test_a_trace_is_written_in_every_format(kind: str) -> None:
    """`trace -f` prints what the file of the same format holds."""
    printed = run("trace", "problem.toml", "-f", kind)
    suffix = {"table": "txt"}.get(kind, kind)
    assert run("trace", "problem.toml", "-o", f"steps.{suffix}") == (0, "", [])
    assert Path(f"steps.{suffix}").read_text(encoding="utf-8") == printed.out
    assert "delta_5" in printed.out


def test_only_cuts_a_trace_to_what_is_needed() -> None:
    """`trace --only o_4` lists what o_4 is worked out from, and no more."""
    steps = json.loads(run("trace", "problem.toml", "-f", "json", "--only", "o_4").out)["steps"]
    assert [step["name"] for step in steps] == ["net_4", "o_4"]


@pytest.mark.parametrize("name", ["dw_14", "Δw_14", "δ_5", "w_14_new", "o_6_new"])
def test_only_takes_names_as_they_are_typed(name: str) -> None:
    """--only takes plain and Unicode names."""
    whole, part = run("explain", "problem.toml"), run("explain", "problem.toml", "--only", name)
    assert part.status == 0
    assert part.out != whole.out


def test_a_check_that_holds_ends_with_0() -> None:
    """`check` prints what held, for each problem."""
    done = run("check", "problem.toml", "lecture-3-2-1")
    assert (done.status, done.err) == (0, [])
    assert "problem.toml" in done.out
    assert "lecture-3-2-1" in done.out


def test_a_check_that_fails_ends_with_1() -> None:
    """A published figure that is wrong is found, named, and ends with status 1."""
    done = run("check", "problem.toml", "--set", "published.o_4=0.9")
    assert (done.status, done.err) == (1, [])
    assert "o_4" in done.out


def test_a_check_of_a_file_with_faults_ends_with_2() -> None:
    """What cannot be checked is no failed check."""
    assert run("check", "problem.toml", "--set", "training.learning_rate=0").status == 2


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("conventions", {"lecture", "mitchell"}),
        ("activations", {"sigmoid", "tanh", "elu", "gelu", "gelu-tanh", "silu", "softplus", "linear", "step"}),
        (
            "losses",
            {
                *["half-squared-error", "sum-squared-error", "mean-squared-error", "absolute-error"],
                "huber",
                "hinge",
                "binary-cross-entropy",
            },
        ),
        ("arithmetics", {"decimal", "float", "exact", "letters"}),
        ("formats", {"markdown", "latex", "text"}),
        ("languages", {"en"}),
        ("problems", {"lecture-3-2-1"}),
        ("roles", {"net", "delta", "exp"}),
        ("details", {"brief", "standard", "full"}),
    ],
)
def test_what_there_is_is_listed(what: str, names: set[str]) -> None:
    """`list` prints one name to a line, and all the lists are named without a word after it."""
    assert names <= set(run("list", what).out.splitlines())
    assert f"{what}: " in run("list").out
    assert what in " ".join(run("list", "--help").out.split())


def test_every_problem_listed_is_explained() -> None:
    """Each name that `list problems` prints can be given to `explain`."""
    names = run("list", "problems").out.split()
    assert names
    assert run("explain", *names).status == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(shell: str) -> None:
    """`completion` prints a script that asks this command."""
    done = run("completion", shell)
    assert done.status == 0
    assert f"_EXPLAINER_COMPLETE={shell}_complete" in done.out
    assert shell in run("completion", "--help").out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("explainer expl", "explain"),
        ("explainer explain lect", "lecture-3-2-1"),
        ("explainer explain prob", "problem.toml"),
        ("explainer explain x.toml --conv", "--convention"),
        ("explainer explain x.toml --convention mit", "mitchell"),
        ("explainer explain x.toml -f la", "latex"),
        ("explainer explain x.toml --detail br", "brief"),
        ("explainer list conv", "conventions"),
        ("explainer schema tr", "trace"),
        ("explainer completion z", "zsh"),
    ],
)
def test_the_shell_completes_commands_options_and_names(words: str, expected: str) -> None:
    """What the completion script asks for is answered with what can stand there."""
    done = process(_EXPLAINER_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(len(words.split()) - 1))
    assert f"plain,{expected}" in done.stdout.decode().splitlines()


@pytest.mark.parametrize("kind", ["markdown", "latex", "text"])
def test_every_quantity_has_a_page_of_its_own(kind: str) -> None:
    """`--only` works for each name that the program knows, given ones included."""
    trace = explainer.trace(explainer.load("problem.toml"))
    names = [trace.names.typed(quantity) for quantity in trace.given] + [step.name for step in trace]
    assert len(names) == len(set(names)) > 20
    for name in names:
        page = explainer.render(explainer.explain(trace, only=name), kind)
        assert len(page) > 200
    done = run("explain", "problem.toml", "--only", names[0], "-f", kind)
    assert (done.status, done.err) == (0, [])
    assert "is given" in done.out


def test_a_page_needs_neither_numpy_nor_sympy() -> None:
    """The common path starts fast: SymPy and NumPy are not imported for a page."""
    code = (
        "import sys; from explainer.__main__ import run\n"
        "try: run()\n"
        "finally: assert not {'numpy', 'sympy'} & set(sys.modules)"
    )
    command = [sys.executable, "-c", code, "explain", "lecture-3-2-1"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("# ")
