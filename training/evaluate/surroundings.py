"""What stands beside a held-out file in an editor: the other Python files of its folder."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal, get_args

from lintseq.infer.ask import Judgement
from lintseq.infer.calibration import Calibration
from lintseq.infer.engine import Engine
from lintseq.infer.locality import locality_beside
from training.corpus.document import Document

Nearby = Literal["folder", "file", "none"]
"""Whose text a proposal may repeat: that of the files in the same folder too, as in an editor; of
the file itself; or of none, so that the model is asked alone."""
NEARBY: tuple[Nearby, ...] = get_args(Nearby)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """How a proposal in each document is judged, whatever the confidence."""

    judgement: Judgement = field(default_factory=lambda: Judgement(0.0))
    """For all of them."""
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The texts in the folder of a document, by its hash."""

    def judgement_in(self, document: str) -> Judgement:
        """How a proposal in the document of this hash is judged."""
        return replace(self.judgement, others=self.others.get(document, ()))


def surroundings_of(
    engine: Engine,
    documents: Sequence[Document],
    nearby: Nearby,
    calibration: Calibration | None = None,
) -> Surroundings:
    """The surroundings of the documents, as far as `nearby` reaches."""
    locality = locality_beside(engine.model.path) if nearby != "none" else None
    judgement = Judgement(0.0, calibration, locality=locality)
    return Surroundings(judgement, folder_mates(documents) if nearby == "folder" else {})


def folder_mates(documents: Sequence[Document]) -> dict[str, tuple[str, ...]]:
    """The texts that lie in the folder of each document, by its hash."""
    folders: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for document in documents:
        folders[document.package, str(PurePosixPath(document.path).parent)].append(document)
    return {
        one.sha256: tuple(other.text for other in mates if other is not one)
        for mates in folders.values()
        for one in mates
    }
