"""The house: imports run one way, only the command writes files, and modules stay small."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

PACKAGE = Path(__file__).parent.parent / "explainer"
MODULES = sorted(PACKAGE.rglob("*.py"))

ALLOWED = {
    "resources": set[str](),
    "maths": set[str](),
    "problem": {"maths", "resources"},
    "trace": {"problem", "maths", "resources"},
    "explain": {"trace", "problem", "maths", "resources"},
    "publish": {"explain", "trace", "problem", "maths", "resources"},
    "check": {"publish", "explain", "trace", "problem", "maths", "resources"},
    "exercise": {"publish", "explain", "trace", "problem", "maths", "resources"},
    "api": {"exercise", "publish", "explain", "trace", "problem"},
}
"""What each part may import; the modules of the command may import everything."""

COMMAND = {"cli", "request", "options", "progress", "__main__", "__init__"}


def part(path: Path) -> str:
    """The part of the package that a module belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """The parts of the package that a module imports, within functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name.startswith("explainer."):
                found = name.split(".")[1]
                yield found if (PACKAGE / found).is_dir() or (PACKAGE / f"{found}.py").is_file() else "__init__"


def name(path: Path) -> str:
    """A module as it is called in the house."""
    return str(path.relative_to(PACKAGE))


def test_the_walk_finds_the_imports() -> None:
    """The test sees what it is about: the command imports the problem's faults, the trace imports mathematics."""
    assert "problem" in imports(PACKAGE / "cli.py")
    assert "maths" in imports(PACKAGE / "trace" / "trace.py")
    assert "check" in imports(PACKAGE / "cli.py")  # within a function


def test_every_part_has_its_place() -> None:
    """A new folder or module at the top must say in this test what it may import."""
    assert {part(path) for path in MODULES} <= ALLOWED.keys() | COMMAND


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_run_one_way(path: Path) -> None:
    """problem, maths ← trace ← explain ← publish ← the command; nothing imports what stands above it."""
    own = part(path)
    allowed = ALLOWED.keys() | COMMAND if own in COMMAND else ALLOWED[own] | {own}
    assert set(imports(path)) - allowed == set()


WRITERS = {"write_text", "write_bytes", "mkstemp", "NamedTemporaryFile", "fdopen", "mkdir", "unlink"}


def writes(path: Path) -> list[str]:
    """The calls of a module that write files."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [
            each.value
            for each in (*node.args, *(word.value for word in node.keywords))
            if isinstance(each, ast.Constant)
        ]
        if called in WRITERS or (called == "open" and any(set(str(text)) & set("wax+") for text in texts)):
            found.append(f"{called} in line {node.lineno}")
    return found


def test_only_the_command_writes_files() -> None:
    """cli.py is the one module that writes."""
    assert [name(path) for path in MODULES if writes(path)] == ["cli.py"]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_module_is_long(path: Path) -> None:
    """No module has more than 400 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_most_modules_are_short() -> None:
    """Half of all modules have 120 lines or fewer."""
    assert median(len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES) <= 120


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_what_it_is(path: Path) -> None:
    """Every module begins with a sentence about what is in it."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_module_names_say_what_is_in_the_room() -> None:
    """No module is called by a word that says nothing."""
    assert {path.stem for path in MODULES} & {"utils", "util", "helpers", "helper", "common", "misc", "tools"} == set()
