from pathlib import Path

import pytest

from tests.training.evaluate.oracle import documents
from training.corpus.document import document_writer
from training.evaluate.documents import held_out, is_for_fitting, joint_sha256


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "heldout.jsonl.gz"
    with document_writer(path) as write:
        for document in documents():
            write(document)
    return path


def test_packages_are_left_out(data: Path) -> None:
    assert held_out([data]) == documents()
    assert held_out([data], ["first"]) == documents()[1::2]


@pytest.mark.parametrize(
    ("without", "message"),
    [
        (["frist"], "got frist; there are: first, second"),
        (["first", "second"], "no document is left in .*heldout"),
    ],
)
def test_nothing_to_leave_out(data: Path, without: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        held_out([data], without)


def test_documents_lie_in_two_halves() -> None:
    fitting = [is_for_fitting(document.sha256) for document in documents(400)]
    assert 160 < sum(fitting) < 240


def test_the_hash_is_of_the_documents_in_any_order() -> None:
    assert joint_sha256(documents()) == joint_sha256(documents()[::-1])
    assert joint_sha256(documents()) != joint_sha256(documents()[1:])
