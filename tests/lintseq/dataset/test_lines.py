"""Files of records that are whole, in parts, and damaged."""

import random
from pathlib import Path

import pytest
import zstandard

from lintseq.dataset.lines import open_lines, read_rows, write_parquet
from lintseq.errors import LintseqError

_RNG = random.Random(0)
# Hard to compress, so that cutting off bytes cuts off records.
LINES = b"".join(b'{"n": %d}\n' % _RNG.getrandbits(200) for _ in range(5_000))


def frames(*contents: bytes) -> bytes:
    return b"".join(zstandard.ZstdCompressor().compress(content) for content in contents)


def read(path: Path) -> bytes:
    with open_lines(path) as lines:
        return b"".join(lines)


@pytest.mark.parametrize(
    "parts", [[], [LINES], [LINES[:10], LINES[10:]], [b"", LINES, b""], [LINES[:9], b"", LINES[9:]]]
)
def test_frames_in_a_row_are_one_file(parts: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.zst"
    path.write_bytes(frames(*parts))
    assert read(path) == b"".join(parts)


@pytest.mark.parametrize("cut", [1, 1_000, 50_000])
@pytest.mark.parametrize("before", [b"", frames(b"{}\n")])
def test_a_frame_that_was_cut_is_told(before: bytes, cut: int, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.zst"
    path.write_bytes(before + frames(LINES)[:-cut])
    with pytest.raises(LintseqError, match=r"a\.jsonl\.zst is damaged: it ends within"):
        read(path)


def test_other_bytes_are_told(tmp_path: Path) -> None:
    for name in ("a.jsonl.zst", "a.jsonl.gz"):
        path = tmp_path / name
        path.write_bytes(b"no such thing")
        with pytest.raises(LintseqError, match=f"{name} is damaged"):
            read(path)
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 no such thing")
    with pytest.raises(LintseqError, match=r"a\.parquet is damaged"):
        list(read_rows(path))


def test_nested_values_come_back_from_a_table(tmp_path: Path) -> None:
    piece, table = tmp_path / "piece.jsonl", tmp_path / "a.parquet"
    piece.write_text('{"id": "[1]", "n": 2, "prompt": ["a", {"special": "b"}]}\n')
    write_parquet(table, [piece, piece])
    assert list(read_rows(table)) == [*read_rows(piece), *read_rows(piece)]
