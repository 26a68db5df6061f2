"""The script of `make setup` that builds llama.cpp: when a built wheel may be used again."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / ".ci" / "llama_wheel.py"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, with an empty cache of wheels."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    spec = importlib.util.spec_from_file_location("llama_wheel", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_key_is_stable(script: ModuleType) -> None:
    assert script.build_key("1.0") == script.build_key("1.0")


def test_key_changes_with_what_goes_into_the_build(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [script.build_key("1.0"), script.build_key("1.1")]
    monkeypatch.setenv("CMAKE_ARGS", "-DGGML_CUDA=ON")
    keys.append(script.build_key("1.0"))
    monkeypatch.setattr(script, "describe_cpu", lambda: "another CPU")
    keys.append(script.build_key("1.0"))
    assert len(set(keys)) == len(keys)


def test_portable_wheel_does_not_depend_on_the_cpu(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = script.build_key("1.0", script.PORTABLE)
    assert before != script.build_key("1.0")
    monkeypatch.setattr(script, "describe_cpu", lambda: "another CPU")
    assert script.build_key("1.0", script.PORTABLE) == before


@pytest.mark.parametrize("options", [[], ["--portable"]])
def test_kept_wheel_is_used(
    script: ModuleType, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    version = script.pinned_version(script.CONSTRAINTS.read_text())
    include = script.PORTABLE if options else script.LEAN
    folder = script.cache_folder() / script.build_key(version, include)
    folder.mkdir(parents=True)
    wheel = folder / "llama_cpp_python.whl"
    wheel.touch()
    assert script.main(options) == 0
    assert capsys.readouterr().out == f"{wheel}\n"


def test_missing_compiler_is_said(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    for variable in ("CC", "CXX"):
        monkeypatch.delenv(variable, raising=False)
    assert script.main() == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "sudo apt install g++" in captured.err


def test_missing_pin_is_said(script: ModuleType) -> None:
    with pytest.raises(ValueError, match="llama_cpp_python==VERSION"):
        script.pinned_version("numpy==2.0\n")
