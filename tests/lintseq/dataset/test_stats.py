import json
from pathlib import Path

import pytest

from lintseq.__main__ import main
from lintseq.dataset.stats import Distribution


def test_quantiles_and_mean() -> None:
    distribution = Distribution()
    for value in [1, 1, 2, 10]:
        distribution.add(value)
    assert [distribution.quantile(share) for share in (0.05, 0.5, 0.75, 1.0)] == [1, 1, 2, 10]
    assert distribution.mean == 3.5
    assert distribution.share(1) == 0.5
    assert Distribution().quantile(0.5) == 0


def test_a_data_set_is_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = tmp_path / "in.jsonl"
    given.write_text('{"program": "x = 1\\n"}\n{"program": "x = 1\\ny = x\\n"}\n')
    output, picture = tmp_path / "out.jsonl", tmp_path / "out.png"
    assert main(["generate", str(given), str(output), "--samples", "20"]) == 0
    assert main(["stats", str(output), "--json", "--plot", str(picture)]) == 0
    stats = json.loads(capsys.readouterr().out)
    assert stats["transcripts"] == 40
    assert stats["lines_per_program"]["mean"] == 1.5
    # One sequence of "x = 1"; of the other program there are two.
    assert stats["distinct_sequences_per_program"] == {"1": 1, "2": 1}
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert main(["stats", str(output)]) == 0
    assert "lines per edit" in capsys.readouterr().out


def test_other_rows_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n')
    assert main(["stats", str(path)]) == 1
    assert "transcript" in capsys.readouterr().err
