"""Batches that wait on disk, and runs that are killed between two of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from training.pieces import Made, Pieces, make_pieces, read_pieces, remove_pieces

ITEMS = list(range(23))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.pieces._BATCH", 4)


def squares(numbers: Sequence[int]) -> list[Made]:
    return [Made(([n, n * n], [False, True]), key=n) for n in numbers if n % 5]


def at(folder: Path, *, jobs: int = 1, settings: str = "squares") -> Pieces[int]:
    return Pieces(folder, squares, str, settings, jobs)


def plain(paths: Sequence[Path]) -> list[tuple[list[int], list[bool], int]]:
    return [
        (list(made.example[0]), [bool(each) for each in made.example[1]], made.key)
        for made in read_pieces(paths)
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_made_comes_back_in_order(tmp_path: Path, jobs: int) -> None:
    paths = make_pieces(at(tmp_path, jobs=jobs), ITEMS)
    assert len(paths) == 6
    assert plain(paths) == [([n, n * n], [False, True], n) for n in ITEMS if n % 5]


def test_a_batch_without_examples(tmp_path: Path) -> None:
    assert plain(make_pieces(at(tmp_path), [0, 5])) == []
    assert make_pieces(at(tmp_path), []) == []


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    paths = make_pieces(at(tmp_path), ITEMS)
    times = [path.stat().st_mtime_ns for path in paths]
    paths[2].unlink()
    assert make_pieces(at(tmp_path), ITEMS) == paths
    again = [path.stat().st_mtime_ns for path in paths]
    assert [old == new for old, new in zip(times, again, strict=True)] == [n != 2 for n in range(6)]


def test_other_items_and_other_settings_have_other_files(tmp_path: Path) -> None:
    paths = make_pieces(at(tmp_path), ITEMS)
    others = make_pieces(at(tmp_path), [*ITEMS[:-1], 100])
    assert [old == new for old, new in zip(paths, others, strict=True)] == [True] * 5 + [False]
    assert not set(paths) & set(make_pieces(at(tmp_path, settings="cubes"), ITEMS))
    remove_pieces(tmp_path)
    assert not tmp_path.exists()


KILLED = """
import sys
from pathlib import Path
from tests.training.test_pieces import ITEMS, at, die_at_twelve
from dataclasses import replace
from training import pieces

pieces._BATCH = 4
pieces.make_pieces(replace(at(Path(sys.argv[1])), make=die_at_twelve), ITEMS)
"""


def die_at_twelve(numbers: Sequence[int]) -> list[Made]:
    if 12 in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    return squares(numbers)


def test_a_killed_run_goes_on(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=root, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.glob("*.npz"))) == 3
    paths = make_pieces(at(tmp_path), ITEMS)
    whole = make_pieces(at(tmp_path / "whole"), ITEMS)
    assert [path.name for path in paths] == [path.name for path in whole]
    assert [path.read_bytes() for path in paths] == [path.read_bytes() for path in whole]


def test_an_error_in_a_process_is_told(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        make_pieces(Pieces(tmp_path, inverses, str, "", jobs=2), ITEMS)
    # The same command says so again: no file was written for the batch.
    with pytest.raises(ZeroDivisionError):
        make_pieces(Pieces(tmp_path, inverses, str, "", jobs=2), ITEMS)


def inverses(numbers: Sequence[int]) -> list[Made]:
    return [Made(([1 // n], [True])) for n in numbers]
