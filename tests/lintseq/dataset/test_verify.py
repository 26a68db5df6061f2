"""`lintseq verify` finds every way in which a data set may be broken."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lintseq.__main__ import main

PROGRAM = "import os\n\n\ndef f(a):\n    b = a\n    return os.path.join(b)\n\n\nx = f('')\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    given = tmp_path / "in.jsonl"
    rows = [{"program": PROGRAM, "instruction": "Do."}, {"program": "x = 1\ny = x"}]
    given.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    output = tmp_path / "out.jsonl"
    assert main(["generate", str(given), str(output)]) == 0
    return output


def verify(data: Path, *options: str) -> int:
    return main(["verify", str(data), *options])


def test_what_was_made_is_in_order(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(data) == 0
    assert verify(data, "--limit", "3", "--jobs", "2") == 0
    assert "10 rows" in capsys.readouterr().out


def replace(old: str, new: str) -> Callable[[dict[str, Any]], None]:
    def damage(row: dict[str, Any]) -> None:
        assert old in row["transcript"]
        row["transcript"] = row["transcript"].replace(old, new, 1)

    return damage


def transcript(text: str, program_sha256: str = "") -> Callable[[dict[str, Any]], None]:
    def damage(row: dict[str, Any]) -> None:
        row["transcript"] = text
        row["program_sha256"] = program_sha256 or row["program_sha256"]

    return damage


END = "\n<|diff|>\n<|diff|><|endoftext|>"
# Of "y = x\nx = 1\n", of "x = 1\ny = x\n" and of "if x:\n    y = 1\n".
SWAPPED = "6f7ee21c8a1bd5d2"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (replace("+x = f('')", "+x = f(' ')"), "another program"),
        (replace("Do.", "Don't."), "instruction"),
        (replace("<|endoftext|>", ""), "two empty edits"),
        (replace("+import os\n", "import os\n"), "an inserted line"),
        (replace("@@ -0,0", "@@ -1,0"), "behind line 1 of 0"),
        (replace("@@\n", "@@ \n"), "no header"),
        (transcript(f"Do.\n<|diff|>@@ -0,0 +1,2 @@\n+x = 1{END}"), "fewer lines"),
        (transcript(f"Do.\n<|diff|>@@ -0,0 +2 @@\n+x = 1{END}"), "line 2 in a header"),
        (transcript(f"Do.\n<|diff|>@@ -0,0 +1 @@\n+x = 1\n<|diff|>{END}"), "an empty edit"),
        (lambda row: row.pop("program_sha256"), "KeyError"),
    ],
)
def test_damage_is_found(
    damage: Callable[[dict[str, Any]], None],
    told: str,
    data: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
    damage(rows[0])
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert verify(data) == 1
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ("@@ -0,0 +1 @@\n+y = x\n<|diff|>@@ -0,0 +1 @@\n+x = 1", "brings"),
        ("@@ -0,0 +1 @@\n+if 1:\n<|diff|>@@ -1,0 +2 @@\n+    x = 1", "does not parse"),
    ],
)
def test_prefixes_that_are_not_clean_are_found(
    edits: str, told: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import hashlib

    program = {"brings": "x = 1\ny = x\n", "does not parse": "if 1:\n    x = 1\n"}[told]
    rows = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
    rows[0]["transcript"] = f"Do.\n<|diff|>{edits}{END}"
    rows[0]["program_sha256"] = hashlib.sha256(program.encode()).hexdigest()
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert verify(data) == 1
    assert told in capsys.readouterr().out


def test_lost_rows_are_found(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = data.read_text(encoding="utf-8").splitlines(keepends=True)
    data.write_text("".join(lines[:-1]), encoding="utf-8")
    assert verify(data) == 1
    assert "10 rows, got 9" in capsys.readouterr().out


def test_what_is_not_finished_is_refused(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.with_name(data.name + ".manifest.json").unlink()
    assert verify(data) == 1
    assert "not finished" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda row: row.update(transcript=5), "AttributeError"),
        (replace("+import os", "+import os  # \ud800"), "UnicodeEncodeError"),
        (lambda row: row.update(sample=1), "comes after"),
        (replace("x = f('')", "x = f('')\n<|diff|>@@ -0,0 +1,0 @@"), "no header"),
    ],
)
def test_what_the_hash_would_tell_is_found_without_it(
    damage: Callable[[dict[str, Any]], None],
    told: str,
    data: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
    damage(rows[0])
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert verify(data, "--limit", "10") == 1
    assert told in capsys.readouterr().out
