"""The other documents of a package, as the workspace that a file of it is edited in."""

from collections.abc import Iterable

from lintseq.imports.facts import Facts, read_facts
from lintseq.imports.known import Surroundings
from lintseq.imports.project import Project
from training.corpus.document import Document


class Projects:
    """The documents by the package they belong to, each of them known by its hash."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._files: dict[str, dict[str, Facts]] = {}
        self._places: dict[str, tuple[str, str]] = {}
        for document in documents:
            package = self._files.setdefault(document.package, {})
            package[document.path] = read_facts(document.text)
            self._places[document.sha256] = (document.package, document.path)

    def around(self, sha256: str) -> Surroundings:
        """What an editor would know around a document: all of its package but itself.

        No environment is known: which packages are installed is not looked at.

        Raises:
            KeyError: it is none of the documents.
        """
        package, path = self._places[sha256]
        files = {other: facts for other, facts in self._files[package].items() if other != path}
        return Surroundings(path, Project.of(files))
