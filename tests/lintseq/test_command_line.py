import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lintseq.__main__ import main
from lintseq.format import parse

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "lintseq"]
PROGRAM = "from math import pi\n\n\ndef area(r):\n    return pi * r * r\n\n\nprint(area(1))\n"


def run(*argv: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *argv], cwd=ROOT, input=stdin, capture_output=True, check=False
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"x = 1",
        PROGRAM.encode(),
        PROGRAM.replace("\n", "\r\n").encode(),
        b"# coding: latin-1\nx = '\xe9'\n\f\ny = '''\r\r\n'''\n",
        b"\xef\xbb\xbf# caf\xc3\xa9\nimport os\nprint(os)",
        b"x = '<|endoftext|>'\ny = '''\n<|diff|>\n@@ -0,0 +1 @@\n+\n'''\n",
    ],
)
def test_sample_and_replay_give_the_same_bytes(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_bytes(data)
    transcript = run("sample", path)
    assert (transcript.returncode, transcript.stderr) == (0, b"")
    replayed = run("replay", stdin=transcript.stdout)
    assert (replayed.returncode, replayed.stdout, replayed.stderr) == (0, data, b"")
    path.write_bytes(transcript.stdout)
    assert run("replay", path).stdout == data


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    return str(path)


def test_samples_are_separated_and_differ(
    program: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["sample", program, "--samples", "3"]) == 0
    texts = capfdbinary.readouterr().out.decode().split("<|endoftext|>\n")
    assert texts.pop() == ""
    assert len(texts) == 3
    assert len(set(texts)) > 1
    assert {parse(f"{text}<|endoftext|>").edits.replay() for text in texts} == {
        tuple(PROGRAM.splitlines(keepends=True))
    }


def test_a_sample_depends_on_its_seed_and_number_only(
    program: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    outputs = []
    for options in (["--samples", "2"], ["--samples", "1"], ["--seed", "7"]):
        assert main(["sample", program, *options]) == 0
        outputs.append(capfdbinary.readouterr().out)
    assert outputs[0].startswith(outputs[1])
    assert outputs[2] != outputs[1]


def test_a_sample_does_not_depend_on_the_hashes_of_strings() -> None:
    command = [*COMMAND, "sample", "lintseq/repair.py"]
    outputs = {
        subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_json_has_one_object_per_line(
    program: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["sample", program, "--samples", "2"]) == 0
    texts = capfdbinary.readouterr().out.decode().split("<|endoftext|>\n")
    assert main(["sample", program, "--samples", "2", "--seed", "0", "--json"]) == 0
    records = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [record["sample"] for record in records] == [0, 1]
    for record, text in zip(records, texts, strict=False):
        assert list(record) == ["program", "seed", "sample", "edits", "transcript", "linter"]
        assert (record["program"], record["seed"]) == (PROGRAM, 0)
        assert record["transcript"] == f"{text}<|endoftext|>"
        assert record["linter"].startswith("pyflakes ")
        assert built(record["edits"]) == PROGRAM


def built(edits: list[list[dict[str, object]]]) -> str:
    lines: list[object] = []
    for edit in edits:
        for hunk in reversed(edit):
            at, inserted = hunk["at"], hunk["lines"]
            assert isinstance(at, int)
            assert isinstance(inserted, list)
            lines[at:at] = inserted
    return "".join(map(str, lines))


def test_json_tells_a_missing_newline(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "x.py"
    path.write_bytes(b"x = '\xc3\xa9'")
    assert main(["sample", str(path), "--json"]) == 0
    record = json.loads(capfdbinary.readouterr().out)
    assert record["edits"] == [[{"at": 0, "lines": ["x = 'é'"]}]]


def test_findings_are_listed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.py"
    path.write_text("def f():\n    return x\nreturn\n", encoding="utf-8")
    assert main(["sample", str(path)]) == 1
    out, told = capfd.readouterr()
    assert (out, told) == (
        "",
        f"{path}:2: UndefinedName 'x'\n{path}:3: ReturnOutsideFunction\n",
    )
    assert main(["sample", str(path), "--keep-findings"]) == 0


def test_the_file_of_a_package_exports_its_submodules(tmp_path: Path) -> None:
    path = tmp_path / "__init__.py"
    path.write_bytes(b"__all__ = ['module']\n")
    assert main(["sample", str(path)]) == 0
    assert main(["sample", str(path.rename(tmp_path / "other.py"))]) == 1


def test_standard_input() -> None:
    transcript = run("sample", "-", stdin=PROGRAM.encode())
    assert run("replay", "-", stdin=transcript.stdout).stdout == PROGRAM.encode()
    refused = run("sample", "-", stdin=b"x\n")
    assert (refused.returncode, refused.stderr) == (1, b"<stdin>:1: UndefinedName 'x'\n")


@pytest.mark.parametrize("name", ["sample", "replay"])
def test_a_missing_file(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([name, "no/such/file.py"]) == 2
    assert capfd.readouterr().err == "no/such/file.py: No such file or directory\n"


def test_an_undecodable_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.py"
    path.write_bytes(b"x = '\xe9'\n")
    assert main(["sample", str(path)]) == 2
    told = capfd.readouterr().err
    assert told.startswith(f"{path}: ")
    assert "UTF-8" in told


@pytest.mark.parametrize(
    "text",
    [
        "[" * 500 + "]" * 500,
        "x = 1\nif x == 0:\n    pass\n"
        + "".join(f"elif x == {n}:\n    pass\n" for n in range(3000)),
    ],
    ids=["500 brackets", "3000 elifs"],
)
def test_what_is_too_deep_is_refused(
    text: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.py"
    path.write_text(text, encoding="utf-8")
    assert main(["sample", str(path)]) == 1
    assert capfd.readouterr().err.startswith(f"{path}: nested too deeply for Python")


def test_a_broken_transcript(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.txt"
    path.write_text("words", encoding="utf-8")
    assert main(["replay", str(path)]) == 1
    assert "a transcript ends with" in capfd.readouterr().err


@pytest.mark.parametrize(
    "argv", [[], ["nope"], ["sample"], ["sample", "x", "--samples", "0"], ["sample", "--linter=x"]]
)
def test_wrong_command_lines(argv: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(argv)
    assert left.value.code == 2
    assert capfd.readouterr().err.startswith("usage: lintseq")


def start(program: str) -> subprocess.Popen[bytes]:
    """Samples on and on, with its first sample already written."""
    process = subprocess.Popen(
        [*COMMAND, "sample", program, "--samples", "1000000"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline()
    return process


def test_a_closed_pipe_is_quiet(program: str) -> None:
    process = start(program)
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
def test_a_full_disk_is_told(program: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "sample", program],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, b"<stdout>: No space left on device\n")


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is a signal on POSIX only")
def test_ctrl_c_is_quiet(program: str) -> None:
    process = start(program)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (130, b"")
