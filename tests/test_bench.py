"""The benchmarks still run: each part once, on as little as will do. No time is judged."""

import gzip
import itertools
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from lintseq.infer.engine import start_engine
from lintseq.lint import lint
from lintseq.program import Edit, EditSequence, Hunk
from tests.bench import __main__ as bench
from tests.bench import methods
from tests.bench.corpus import (
    VARIABLE,
    humaneval_solutions,
    library_modules,
    programs,
    small_programs,
)
from tests.bench.engine import EnginePlan, measure_engine
from tests.bench.figures import Figure, Section, percentile, repeated
from tests.bench.fim_server import with_fim_tokens
from tests.bench.growth import Point, fit
from tests.bench.keystrokes import passage
from tests.bench.sampler import SamplerPlan, measure_sampler
from tests.bench.shape import comment_pairs, docstring_pairs, origins, shape_of
from tests.bench.trace import TypingPlan, traces
from tests.bench.typing import measure_typing
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


def test_sampler(tmp_path: Path) -> None:
    path = tmp_path / "growth.png"
    modules = ("keyword", "this")
    plan = SamplerPlan(repeats=2, programs=2, modules=modules, humaneval=None, plot=path)
    section = measure_sampler(plan)
    check(section, "programs per second, default", "cost grows with length to the power of")
    assert VARIABLE in section.about
    assert path.read_bytes().startswith(b"\x89PNG")


def write_humaneval(path: Path) -> Path:
    records = [{"prompt": "def f():\n", "canonical_solution": f"    return {n}\n"} for n in (1, 2)]
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(record)}\n" for record in records)
    return path


@pytest.mark.parametrize("name", ["humaneval.jsonl", "humaneval.jsonl.gz"])
def test_humaneval_is_read(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_humaneval(tmp_path / name)
    monkeypatch.setenv(VARIABLE, str(path))
    plan = SamplerPlan()
    assert plan.humaneval == path
    corpus = small_programs(plan.humaneval)
    assert corpus.texts == ("def f():\n    return 1\n", "def f():\n    return 2\n")
    assert corpus.sizes == [2, 2]


def test_what_is_not_humaneval_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text('{"text": 1}\n')
    with pytest.raises(ValueError, match="not HumanEval"):
        humaneval_solutions(path)


def test_growth_is_the_exponent_of_a_power() -> None:
    points = [Point(lines, 3e-4 * lines**1.5) for lines in (40, 10, 300, 2_000, 5_000)]
    # What is out of range is shown, not fitted.
    growth = fit([*points, Point(4, 9.0), Point(9_000, 1e-9)])
    assert growth.exponent == pytest.approx(1.5)
    assert growth.seconds(100) == pytest.approx(0.3)
    assert [point.lines for point in growth.points] == [4, 10, 40, 300, 2_000, 5_000, 9_000]
    with pytest.raises(ValueError, match="got 1"):
        fit([Point(30, 1.0)])


def test_library_modules_are_of_that_size() -> None:
    corpus = library_modules(5, 50, 60)
    assert len(corpus.texts) == 5
    assert all(50 <= size <= 61 for size in corpus.sizes)


LINES = tuple(
    line + "\n"
    for line in (
        "import os",
        "",
        "# about f",
        "def f():",
        "    '''what",
        "    f does'''",
        "    # about x",
        "    x = '# no comment'",
        "    return x  # behind code",
        "# the end",
    )
)


def test_comments_and_docstrings_have_a_line_of_code() -> None:
    assert sorted(comment_pairs(LINES)) == [(2, 3), (6, 7)]
    assert list(docstring_pairs(LINES)) == [(4, 3), (5, 3)]


def test_shape() -> None:
    f, x = LINES[3], LINES[8]
    first = Edit((Hunk(0, (*LINES[:3], *LINES[4:8], LINES[9])),))
    edits = EditSequence((first, Edit((Hunk(3, (f,)), Hunk(7, (x,))))))
    assert origins(edits) == [0, 0, 0, 1, 0, 0, 0, 0, 1, 0]
    shape = shape_of([(LINES, edits)])
    assert shape.edits_per_program == 2
    assert shape.lines_per_edit == 5
    assert shape.hunks_per_edit == 1.5
    assert shape.single_line_edits == 0
    assert shape.first_edit == 0.8
    # Without `def f():` the first state does not parse.
    assert shape.clean_prefixes == 0.5
    assert shape.comments_with_code == 0.5
    assert shape.docstrings_with_code == 0


@pytest.mark.parametrize("option", ["", "--json"])
def test_methods(option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_humaneval(tmp_path / "humaneval.jsonl")
    arguments = ["--humaneval", str(path), "--modules", "1", "--least", "20", "--most", "40"]
    assert methods.main([*arguments, *([option] if option else [])]) == 0
    out = capsys.readouterr().out
    if option:
        for rows in json.loads(out).values():
            assert [(row["method"], row["linter"]) for row in rows] == [*methods.WAYS]
            assert all(row["shape"]["clean_prefixes"] == 1 for row in rows[:1])
    else:
        assert "HumanEval solutions, 2" in out
        assert "docstrings with code" in out


def test_methods_need_a_file_that_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert methods.main(["--humaneval", "no/such.jsonl"]) == 1
    assert "no/such.jsonl" in capsys.readouterr().err


def test_engine(model: Path) -> None:
    plan = EnginePlan(prompts=1, rounds=2, tokens=4)
    check(measure_engine(model, 1, plan), "generated token, ratio", "prompt tokens")


def test_typing(model: Path) -> None:
    section = measure_typing(model, 1, TypingPlan(keys=12, gap_s=0.02, files=1, rest_s=0))
    check(
        section,
        *("change to some answer, p99", "keys with a new snapshot", "a key with a new snapshot"),
        *("llama.cpp alone, same tokens, p50", "the engine's overhead over it"),
        *("… beside a process that uses one core", "memory of server and model, resident"),
    )


def test_traces_bring_back_what_was_left_out() -> None:
    plan = TypingPlan(keys=40)
    for trace in traces(plan):
        *_, last = trace.texts()
        assert len(trace.keys) >= 2 * plan.keys
        assert trace.text != last
        lines = trace.text.split("\n")
        assert 200 < len(lines) < 350
        # Between the two passages the cursor jumps up.
        jumps = [
            (one, other) for one, other in itertools.pairwise(trace.keys) if other.line < one.line
        ]
        assert len(jumps) == 1


def test_slips_are_taken_back() -> None:
    typed = passage(TEXT, 1, keys=30, gap_s=0.1, slips=1.0)
    plain = passage(TEXT, 1, keys=30, gap_s=0.1)
    assert len(typed.keys) > len(plain.keys)
    assert list(typed.texts())[-1] == list(plain.texts())[-1]


def test_a_model_gets_tokens_for_fill_in_the_middle(model: Path, tmp_path: Path) -> None:
    copy = with_fim_tokens(model, tmp_path / "copy.gguf")
    assert with_fim_tokens(copy, tmp_path / "none.gguf") == copy
    # It is the same model otherwise: the engine takes it.
    engine = start_engine(copy, threads=1)
    try:
        assert engine.model.parameters > 0
    finally:
        engine.close()


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
    plan = replace(SamplerPlan(), repeats=1, programs=1, modules=("keyword", "this"))
    monkeypatch.setattr(bench, "SamplerPlan", lambda: plan)
    assert bench.main(["--only", "sampler", *([option] if option else [])]) == 0
    out = capsys.readouterr().out
    if option:
        report = json.loads(out)
        assert report["machine"]["revision"]
        assert [section["title"] for section in report["sections"]] == ["Sampler"]
    else:
        assert "revision" in out
        assert "programs per second, default" in out


def test_a_missing_model_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--only", "engine", "--model", "no/such.gguf"]) == 1
    assert "no/such.gguf" in capsys.readouterr().err
