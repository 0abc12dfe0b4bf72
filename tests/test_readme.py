"""What the README says is what the program does."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def fenced(language: str) -> list[str]:
    """The fenced blocks of one language."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [text for name, text in blocks if name == language]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds the README's problem as problem.toml."""
    (tmp_path / "problem.toml").write_text(fenced("toml")[0], encoding="utf-8")
    return tmp_path


def commands() -> list[str]:
    """Every explainer command of the README's blocks."""
    lines = [line for block in fenced("sh") for line in block.splitlines()]
    return [line.split("  #")[0].strip() for line in lines if line.startswith("explainer ")]


@pytest.mark.parametrize("command", commands())
def test_every_command_runs(command: str, folder: Path) -> None:
    """Each command of the README succeeds as it stands, beside the README's problem file."""
    words, _, target = command.partition(" > ")
    _, *arguments = shlex.split(words)
    done = subprocess.run(
        [sys.executable, "-m", "explainer", *arguments], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout or "-o" in arguments or "--output" in arguments or target


def test_the_python_example_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's Python lines run one after the other."""
    monkeypatch.chdir(folder)
    (example,) = fenced("python")
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 the README is ours


def test_the_quoted_piece_is_of_the_real_page() -> None:
    """The piece of a page at the top of the README stands in the gallery, word for word."""
    _, _, rest = README.partition("<!-- piece of a page -->\n")
    piece, end, _ = rest.partition("<!-- end of the piece -->")
    assert end
    assert len(piece.splitlines()) > 20
    assert piece.strip() in (ROOT / "output" / "lecture-3-2-1.md").read_text(encoding="utf-8")


def test_the_rounding_example_is_valid(folder: Path) -> None:
    """The README's [numbers] table fits into its problem file."""
    import explainer

    numbers = tomllib.loads(fenced("toml")[1], parse_float=Decimal)["numbers"]
    problem = explainer.load(folder / "problem.toml", settings={"numbers": numbers})
    assert problem.numbers.exceptions["check.net"].places == 3


@pytest.mark.parametrize("text", [text for text in fenced("toml") if text.startswith("kind =") or "epochs" in text])
def test_every_kind_gets_its_page(text: str) -> None:
    """Each problem of the README that states its kind, or its epochs, gets its page, and everything on it holds."""
    import explainer
    from explainer.check.report import findings

    solved = explainer.solve(explainer.loads(text))
    assert explainer.explain(solved).blocks
    assert [wrong for each in findings(solved) for wrong in each.wrong] == []


def test_every_kind_has_an_example() -> None:
    """The README shows a file of each kind."""
    from explainer.problem.kinds import KINDS, unstated

    shown = {tomllib.loads(text).get("kind") or unstated(tomllib.loads(text)) for text in fenced("toml")}
    assert shown == set(KINDS)


def test_the_error_lines_are_the_real_ones(folder: Path) -> None:
    """The README's example of faults is what a file with these mistakes gets."""
    text = (folder / "problem.toml").read_text(encoding="utf-8")
    expected = next(block for block in fenced("") if "sigmoit" in block).splitlines()
    for mistake in (text.replace('"tanh"', '"sigmoit"'), text.replace("inputs = [1, 0.5]", "inputs = [1, 0.5, 2]")):
        (folder / "problem.toml").write_text(mistake, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "explainer", "explain", "problem.toml"],
            cwd=folder, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert done.stderr.splitlines()[0] in expected


def test_the_set_up_commands_exist() -> None:
    """The make targets that the README names are in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"`?make (\w+)", README))
    assert {"demo", "test"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert shutil.which("make")


def test_the_matrices_are_those_of_the_gallery() -> None:
    """The lines in matrices that the README shows stand on the page in the gallery."""
    page = (ROOT / "output" / "matrix-2-3-2.txt").read_text(encoding="utf-8")
    assert next(block for block in fenced("text") if "⎡" in block) in page
