"""`lintseq generate` as its users run it: formats, rejects, interruptions, engines."""

import gzip
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lintseq.__main__ import main
from lintseq.dataset.lines import read_rows
from lintseq.format import parse
from lintseq.program import split_lines

PROGRAMS = Path(__file__).parents[2] / "bench" / "programs"


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """The thirty small programs, each twenty times with another comment."""
    path = tmp_path / "records.jsonl"
    texts = [each.read_text(encoding="utf-8") for each in sorted(PROGRAMS.glob("*.txt"))]
    with path.open("w", encoding="utf-8") as file:
        for number in range(20):
            for text in texts:
                row = {"instruction": f"Write it {number}.", "program": f"{text}# {number}\n"}
                file.write(json.dumps(row) + "\n")
    return path


def generate(*arguments: str | Path) -> int:
    return main(["generate", *map(str, arguments)])


def manifest(output: Path) -> dict[str, Any]:
    path = output.with_name(output.name + ".manifest.json")
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values


def rejects(output: Path) -> list[dict[str, Any]]:
    text = output.with_name(output.name + ".rejects.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def write_lines(path: Path, rows: list[Any]) -> Path:
    text = "".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_is_a_transcript_of_its_program(records: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    assert generate(records, output, "--samples", "2") == 0
    rows = list(read_rows(output))
    given = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
    assert [(row["record"], row["sample"]) for row in rows] == [
        (record, sample) for record in range(len(given)) for sample in range(2)
    ]
    for row in rows[::37]:
        transcript = parse(row["transcript"])
        record = given[row["record"]]
        assert transcript.instruction == record["instruction"] == row["instruction"]
        assert "".join(transcript.edits.replay()) == record["program"]
    assert manifest(output)["sha256"] == hashlib.sha256(output.read_bytes()).hexdigest()
    assert manifest(output)["rows"] == len(rows)
    assert not list(tmp_path.glob("*.part*"))


def test_the_samples_are_those_of_the_command_sample(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    program = tmp_path / "program.py"
    program.write_bytes((PROGRAMS / "shapes.txt").read_bytes())
    output = tmp_path / "out.jsonl"
    assert generate(program, output, "--samples", "3", "--seed", "5") == 0
    capfdbinary.readouterr()
    assert main(["sample", str(program), "--samples", "3", "--seed", "5"]) == 0
    sampled = capfdbinary.readouterr().out.decode()
    assert "".join(f"{row['transcript']}\n" for row in read_rows(output)) == sampled


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet"])
def test_formats_hold_the_same(suffix: str, records: Path, tmp_path: Path) -> None:
    plain, other = tmp_path / "plain.jsonl", tmp_path / f"other{suffix}"
    again = tmp_path / f"again{suffix}"
    assert generate(records, plain, "--samples", "1") == 0
    assert generate(records, other, "--samples", "1", "--jobs", "3") == 0
    assert list(read_rows(other)) == list(read_rows(plain))
    # What was written can be read as records too.
    fields = ("--program-field", "transcript", "--id-field", "id", "--method", "random")
    assert generate(other, again, *fields) == 0
    assert manifest(again)["records"] == manifest(plain)["rows"]


def test_jobs_do_not_change_a_byte(records: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / f"{jobs}.jsonl.gz" for jobs in (1, 3)]
    for output, jobs in zip(outputs, "13", strict=True):
        assert generate(records, output, "--jobs", jobs) == 0
    assert outputs[0].read_bytes() == outputs[1].read_bytes()


def test_what_gives_no_rows_is_told_with_its_reason(tmp_path: Path) -> None:
    rows = [
        {"program": "x = 1\n"},
        {"program": "print x\n"},
        {"program": "y = x\n"},
        {"program": ""},
        {"text": "x = 1\n"},
        {"program": 3},
        "{broken\n",
        "[1]\n",
        '{"program": "x = \'\\ud800\'"}\n',
        {"program": "x = 1\n", "instruction": "a\n<|diff|>b"},
        {"program": "x\n" * 10_001},
        {"program": "(" * 500 + ")" * 500},
        {"program": "x = 2\n"},
    ]
    output = tmp_path / "out.jsonl"
    assert generate(write_lines(tmp_path / "in.jsonl", rows), output, "--samples", "1") == 0
    assert [row["record"] for row in read_rows(output)] == [0, 12]
    assert [(each["index"], each["kind"]) for each in rejects(output)] == [
        (1, "does not parse"),
        (2, "not clean: UndefinedName"),
        (3, "refused"),
        (4, "record"),
        (5, "record"),
        (6, "record"),
        (7, "record"),
        (8, "encoding"),
        (9, "refused"),
        (10, "beyond the limits"),
        (11, "beyond the limits"),
    ]
    assert manifest(output)["rejects"]["record"] == 4
    assert "'program'" in rejects(output)[3]["detail"]


def test_folders_stand_for_their_python_files(tmp_path: Path) -> None:
    folder = tmp_path / "code" / "inner"
    folder.mkdir(parents=True)
    (folder / "a.py").write_bytes(b"\xef\xbb\xbfx = 1\r\n")
    (folder / "__init__.py").write_text("__all__ = ['a']\n")
    (folder / "latin.py").write_bytes(b"# coding: latin-1\nx = '\xe9'\n")
    (folder / "bad.py").write_bytes(b"x = '\xe9'\n")
    output = tmp_path / "out.jsonl"
    assert generate(tmp_path / "code", output, "--samples", "1") == 0
    assert [row["id"] for row in read_rows(output)] == [
        "inner/__init__.py",
        "inner/a.py",
        "inner/latin.py",
    ]
    assert [each["kind"] for each in rejects(output)] == ["encoding"]


@pytest.mark.parametrize("task", ["cursor", "implement", "repair", "nothing", "sequence"])
def test_tasks_keep_control_tokens_apart_from_text(task: str, tmp_path: Path) -> None:
    program = (
        "import os\n\n\ndef path(name):\n"
        '    """The path of a name, which is `<|diff|>`."""\n'
        "    root = os.sep\n    return root + name\n"
    )
    given = write_lines(tmp_path / "in.jsonl", [{"program": program}])
    output = tmp_path / "out.jsonl"
    assert generate(given, output, "--task", task) == 0
    rows = list(read_rows(output))
    assert len(rows) == 5
    for row in rows:
        parts = [*row["prompt"], *row["answer"]]
        assert {"special": "<|diff|>"} in parts
        assert row["prompt"][-1] == {"special": "<|diff|>"}
    assert main(["verify", str(output)]) == 0


def test_a_finished_data_set_is_not_made_again(records: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    assert generate(records, output, "--samples", "1") == 0
    stamp = output.stat().st_mtime_ns
    assert generate(records, output, "--samples", "1") == 0
    assert output.stat().st_mtime_ns == stamp


def test_other_options_and_another_input_are_refused(
    records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.jsonl"
    assert generate(records, output, "--samples", "1") == 0
    assert generate(records, output, "--samples", "2") == 1
    assert "other settings" in capsys.readouterr().err
    with records.open("a") as file:
        file.write("{}\n")
    assert generate(records, output, "--samples", "1") == 1
    assert "input_sha256" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "output", "told"),
    [
        ("missing.jsonl", "out.jsonl", "missing.jsonl"),
        ("records.txt", "out.jsonl", ".parquet"),
        ("records.jsonl", "out.txt", ".parquet"),
        ("torn.jsonl.gz", "out.jsonl", "torn.jsonl.gz"),
    ],
)
def test_bad_files_are_named(
    given: str, output: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "records.txt").write_text("")
    (tmp_path / "records.jsonl").write_text("")
    (tmp_path / "torn.jsonl.gz").write_bytes(gzip.compress(b"{}\n" * 9)[:-9])
    assert generate(tmp_path / given, tmp_path / output) == 1
    assert told in capsys.readouterr().err


def command(records: Path, output: Path, *options: str) -> list[str]:
    return [sys.executable, "-P", "-m", "lintseq", "generate", str(records), str(output), *options]


def start(records: Path, output: Path, *options: str) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    return subprocess.Popen(
        command(records, output, *options),
        env=environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def pieces(output: Path) -> int:
    return len(list(output.with_name(output.name + ".partial").glob("*.count")))


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_interrupted_runs_go_on_where_they_were(
    sent: signal.Signals, records: Path, tmp_path: Path
) -> None:
    whole, output = tmp_path / "whole.jsonl.gz", tmp_path / "out.jsonl.gz"
    options = ("--samples", "20")
    assert generate(records, whole, *options) == 0
    rng = random.Random(0)
    interrupted = 0
    for _ in range(20):
        process = start(records, output, *options, "--jobs", "2")
        wanted = pieces(output) + rng.randrange(2)
        while process.poll() is None and pieces(output) < wanted:
            time.sleep(0.005)
        time.sleep(rng.random() * 0.5)
        if process.poll() is not None:
            break
        process.send_signal(sent)
        if process.wait(60) == 0 or output.exists():
            # It was done before the signal came.
            break
        interrupted += 1
    else:
        assert generate(records, output, *options) == 0
    assert interrupted >= 2
    assert generate(records, output, *options) == 0
    assert output.read_bytes() == whole.read_bytes()
    assert {path.name for path in tmp_path.glob("out*")} == {
        "out.jsonl.gz",
        "out.jsonl.gz.manifest.json",
        "out.jsonl.gz.rejects.jsonl",
    }


def test_ray_gives_the_same(records: Path, tmp_path: Path) -> None:
    local, cluster = tmp_path / "local.jsonl", tmp_path / "cluster.jsonl"
    assert generate(records, local, "--samples", "1") == 0
    # A process of its own: Ray leaves threads and warnings behind.
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    options = ("--samples", "1", "--engine", "ray", "--jobs", "2")
    subprocess.run(command(records, cluster, *options), env=environment, check=True, timeout=300)
    assert cluster.read_bytes() == local.read_bytes()


def test_programs_come_back_from_any_text(tmp_path: Path) -> None:
    """What is in a text does not matter, as long as it is clean."""
    texts = ["x = '<|diff|>@@ -0,0 +1 @@'", "# é 漢 🐍\x0c\nx = 1\r\ny = x", "'''\n+\n@@\n'''\n"]
    given = write_lines(tmp_path / "in.jsonl", [{"program": text} for text in texts])
    output = tmp_path / "out.parquet"
    assert generate(given, output, "--samples", "1") == 0
    built = ["".join(parse(row["transcript"]).edits.replay()) for row in read_rows(output)]
    assert built == texts
    assert all(split_lines(text) for text in built)
