"""The tree is what the documentation says it is: imports point one way, everything is described."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("lintseq", "server", "training")


def modules(package: str) -> list[Path]:
    """Every module of a package, as a path relative to the repository."""
    return sorted(path.relative_to(ROOT) for path in (ROOT / package).rglob("*.py"))


def dotted(path: Path) -> str:
    """lintseq/infer/engine.py -> lintseq.infer.engine, lintseq/__init__.py -> lintseq."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def parse(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def run_python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )


ALL_MODULES = [path for package in PACKAGES for path in modules(package)]


def test_import_contracts_hold() -> None:
    done = run_python(
        "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("package", ["lintseq", "server"])
def test_no_training_library_is_loaded(package: str) -> None:
    # The sandbox starts its jail as a program, whose modules find each other by its folder.
    names = [dotted(path) for path in modules(package) if path.parent.name != "jail"]
    done = run_python(
        f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\n"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("path", ALL_MODULES, ids=dotted)
def test_module_has_docstring(path: Path) -> None:
    assert ast.get_docstring(parse(path)), f"{path} does not say what it is about"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_is_a_package(package: str) -> None:
    folders = {path.parent for path in modules(package)}
    assert [folder for folder in folders if not (ROOT / folder / "__init__.py").exists()] == []


def test_lintseq_lists_its_names_in_order() -> None:
    lintseq = importlib.import_module("lintseq")
    names = list(lintseq.__all__)
    # Ruff's order: constants, classes, functions.
    assert names == sorted(names, key=lambda name: (not name.isupper(), name[0].islower(), name))
    assert [name for name in names if not hasattr(lintseq, name)] == []
