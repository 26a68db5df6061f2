"""In how many projects each import stands."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from lintseq.imports.statement import Import, imports_in
from training.corpus.document import Document


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted."""

    documents: int
    licenses: Mapping[str, int]
    """How many documents are under each licence, as they state it."""
    projects: int
    imports: Mapping[Import, int]
    """In how many projects each stands."""


def count_imports(documents: Iterable[Document]) -> Counts:
    """The counts over all documents.

    What a project imports from itself is not counted: neither by dots, nor from a module that
    one of its own files or folders gives its name.
    """
    licenses = Counter[str]()
    found: dict[str, set[Import]] = {}
    own: dict[str, set[str]] = {}
    for document in documents:
        licenses[document.license] += 1
        parts = PurePosixPath(document.path).with_suffix("").parts
        own.setdefault(document.package, set()).update(parts)
        found.setdefault(document.package, set()).update(imports_in(document.text))
    counts = Counter(
        each
        for project, statements in found.items()
        for each in statements
        if not each.level and each.module.partition(".")[0] not in own[project]
    )
    return Counts(licenses.total(), licenses, len(found), counts)
