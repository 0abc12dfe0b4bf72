"""The wheel: installed on its own, with no checkout beside it, it does the main job."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    done(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=ROOT)
    (built,) = folder.glob("explainer-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with the wheel installed; its dependencies are lent by the one that tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=sys.platform != "win32")
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    done(sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", "--no-deps", "-q", str(wheel))
    packages = done(
        str(programs / "python"), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder
    ).strip()
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    Path(packages, "lent.pth").write_text("".join(f"{path}\n" for path in sorted(paths)), encoding="utf-8")
    return programs


def done(*command: str, cwd: Path | None = None) -> str:
    """What a program prints, which must succeed; only the Python that tests may be led to another checkout."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run(
        command,
        cwd=cwd,
        env=None if command[0] == sys.executable else environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_everything_that_ships_is_in_the_wheel(wheel: Path) -> None:
    """Modules, templates, problems, conventions, the mark of types and the license are inside."""
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    expected = {f"explainer/{path.relative_to(ROOT / 'explainer')}" for path in (ROOT / "explainer").rglob("*.py")}
    expected |= {f"explainer/{path.relative_to(ROOT)}" for path in (ROOT / "templates").rglob("*.*") if path.is_file()}
    expected |= {f"explainer/problems/{path.name}" for path in (ROOT / "problems").glob("*.toml")}
    expected |= {f"explainer/problem/conventions/{path.name}" for path in ROOT.glob("explainer/problem/conventions/*")}
    expected |= {"explainer/py.typed"}
    assert expected - inside == set()
    assert any(name.endswith("LICENSE") for name in inside)
    assert not [name for name in inside if "test" in name or "__pycache__" in name]


def test_the_installed_package_is_the_wheel(installed: Path, tmp_path: Path) -> None:
    """What the fresh environment imports is not the checkout."""
    where = done(str(installed / "python"), "-c", "import explainer; print(explainer.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)


def test_the_installed_command_does_the_main_job(installed: Path, tmp_path: Path) -> None:
    """The installed command writes the lecture's page, from another folder, in every format; it is the page of here."""
    for suffix in ("md", "tex", "txt"):
        done(str(installed / "explainer"), "explain", "lecture-3-2-1", "-o", f"page.{suffix}", cwd=tmp_path)
        here = done(sys.executable, "-m", "explainer", "explain", "lecture-3-2-1", "-o", "here." + suffix, cwd=tmp_path)
        assert here == ""
        page = (tmp_path / f"page.{suffix}").read_text(encoding="utf-8")
        assert page == (tmp_path / f"here.{suffix}").read_text(encoding="utf-8")
        assert "0.332" in page


def test_the_installed_command_lists_what_ships(installed: Path, tmp_path: Path) -> None:
    """Problems, conventions and languages are found without the checkout."""
    listed = done(str(installed / "explainer"), "list", cwd=tmp_path)
    assert "lecture-3-2-1" in listed
    assert "mitchell" in listed
    assert "languages: en" in listed


def test_every_import_is_a_declared_dependency() -> None:
    """What the program imports from elsewhere is what installing it brings along."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[<>=]", each)[0].replace("-", "_") for each in project["dependencies"]}
    imported = set()
    for path in (ROOT / "explainer").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).partition(".")[0])
    assert imported - set(sys.stdlib_module_names) - {"explainer"} == declared
