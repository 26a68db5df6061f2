"""The benchmarks still run: each part once, on as little as will do. No time is judged."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from lintseq.lint import lint
from tests.bench import __main__ as bench
from tests.bench.engine import EnginePlan, measure_engine
from tests.bench.figures import Figure, Section, percentile, repeated
from tests.bench.keystrokes import passage
from tests.bench.replay import TypingPlan, measure_typing
from tests.bench.sampler import SamplerPlan, measure_sampler, programs
from tests.infer.tiny_model import TinyModel, write_tiny_model

TEXT = "def f(a):\n    b = a\n\n    return b\n\n\nprint(f(1))\n"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kind = TinyModel(context=2048, edit_bias=40.0)
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf", kind)


def check(section: Section, *names: str) -> None:
    assert section.title
    assert section.about
    assert all(math.isfinite(figure.value) for figure in section.figures)
    known = {figure.name for figure in section.figures}
    assert set(names) <= known


def test_programs_are_clean_and_small() -> None:
    texts = programs()
    assert len(texts) == 30
    assert [text for text in texts if lint(text)] == []
    assert all(10 <= text.count("\n") <= 40 for text in texts)


def test_sampler() -> None:
    plan = SamplerPlan(repeats=2, programs=2, modules=("struct", "this"))
    check(measure_sampler(plan), "programs per second", "lints per program")


def test_engine(model: Path) -> None:
    plan = EnginePlan(prompts=1, rounds=2, tokens=4)
    check(measure_engine(model, 1, plan), "generated token, ratio", "prompt tokens")


def test_typing(model: Path) -> None:
    section = measure_typing(model, 1, TypingPlan(keys=12, gap_s=0.02))
    check(section, "change to some answer, p99", "keys with a new snapshot")


@pytest.mark.parametrize("keys", [1, 5, 20, 100])
def test_passage_builds_the_text_again(keys: int) -> None:
    typed = passage(TEXT, 1, keys=keys, gap_s=0.1)
    last = list(typed.texts())[-1]
    assert TEXT.startswith(typed.text.split("\n", 1)[0])
    assert last == TEXT if keys == 100 else len(typed.keys) == keys
    assert all(key.wait_s > 0 for key in typed.keys)
    line, character = typed.keys[-1].after
    assert last.split("\n")[line][:character] == TEXT.split("\n")[line][:character]


def test_figures() -> None:
    assert repeated("x", [3, 1, 2]) == Figure("x", 2, "", 1.5, 2.5, 3)
    assert repeated("x", [7], "ms") == Figure("x", 7, "ms")
    assert [percentile(range(1, 101), share) for share in (1, 50, 99, 100)] == [1, 50, 99, 100]


@pytest.mark.parametrize("option", ["", "--json"])
def test_command_line(
    option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = replace(SamplerPlan(), repeats=1, programs=1, modules=("struct", "this"))
    monkeypatch.setattr(bench, "SamplerPlan", lambda: plan)
    assert bench.main(["--only", "sampler", *([option] if option else [])]) == 0
    out = capsys.readouterr().out
    if option:
        report = json.loads(out)
        assert report["machine"]["revision"]
        assert [section["title"] for section in report["sections"]] == ["Sampler"]
    else:
        assert "revision" in out
        assert "programs per second" in out


def test_a_missing_model_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--only", "engine", "--model", "no/such.gguf"]) == 1
    assert "no/such.gguf" in capsys.readouterr().err
