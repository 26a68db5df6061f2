"""What a user can set: names, defaults, what is allowed, and what each means.

The page docs/settings.md is made from this (`server/settings_table.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Literal

from lintseq.tasks import WINDOW, Window

Eagerness = Literal["manual", "low", "normal", "high"]

_TRUTH = "true or false"
_SECRETS = (
    *(".env", ".env.*", "*.env", ".netrc", "*.pem", "*.key", "*.p12", "*.pfx", "id_rsa*"),
    *("**/secrets/**", "secrets/**", "**/.ssh/**"),
)


def _says(allowed: str, meaning: str, **more: object) -> dict[str, object]:
    return {"allowed": allowed, "meaning": meaning, **more}


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of one editor session."""

    enabled: bool = field(
        default=True, metadata=_says(_TRUTH, "whether anything is proposed at all")
    )
    eagerness: Eagerness = field(
        default="normal",
        metadata=_says(
            'one of "manual", "low", "normal", "high"',
            'how sure a proposal has to be to appear by itself; "manual" shows it when asked only',
        ),
    )
    model: str | None = field(
        default=None,
        metadata=_says(
            "the path of a GGUF file, or null",
            "the model file; null is the installed default model",
        ),
    )
    endpoint: str | None = field(
        default=None,
        metadata=_says(
            'an address such as "http://192.168.1.5:8080/v1", or null',
            "a completion server of your own that serves a larger model of this format, instead of "
            "the model file; text around the cursor is sent there, and nothing anywhere otherwise",
        ),
    )
    endpoint_model: str | None = field(
        default=None,
        metadata=_says("a name, or null", "what that server calls the model, if it has several"),
    )
    outline: int = field(
        default=0,
        metadata=_says(
            "a whole number from 0 to 2000",
            "how many characters the model sees of what stands above its window: the headers "
            "around the cursor, the imports and definitions that it uses; the default model does "
            "no better with them",
            range=(0, 2000),
        ),
    )
    nearby: Literal["folder", "open", "file", "off"] = field(
        default="folder",
        metadata=_says(
            '"folder", "open", "file" or "off"',
            "whose text makes a repetition likelier: that of the Python files in the same folder "
            "of the workspace too, of files that are open, of the file alone, or of none",
        ),
    )
    max_lines: int = field(
        default=1,
        metadata=_says(
            "a whole number from 1 to 20", "how many lines one ghost text may have", range=(1, 20)
        ),
    )
    alternatives: int = field(
        default=3,
        metadata=_says(
            "a whole number from 1 to 8",
            "how many texts to choose from are offered when asked by a key",
            range=(1, 8),
        ),
    )
    comments: bool = field(
        default=False,
        metadata=_says(_TRUTH, "whether something appears by itself in a comment"),
    )
    exclude: tuple[str, ...] = field(
        default=_SECRETS,
        metadata=_says(
            'a list of patterns such as "*.env"',
            "files for which nothing is proposed: patterns of file names, of whole paths, or of "
            "paths within the workspace; upper and lower case are the same",
        ),
    )
    imports: bool = field(
        default=True,
        metadata=_says(_TRUTH, "whether an import that a proposal needs is proposed with it"),
    )
    index: bool = field(
        default=True,
        metadata=_says(
            _TRUTH,
            "whether the Python files of the workspace are read in the background, to know what "
            "they import and define; without it only open files are known",
        ),
    )
    run_examples: bool = field(
        default=False,
        metadata=_says(
            _TRUTH,
            "whether bodies are run against the examples of their docstring, in a sandbox and "
            "where the user has confirmed it for the workspace; those that pass are proposed",
        ),
    )
    threads: int | None = field(
        default=None,
        metadata=_says(
            "a whole number from 1 to 256, or null",
            "threads of the model's process; null lets it choose",
            range=(1, 256),
        ),
    )

    unload_after_min: int | None = field(
        default=30,
        metadata=_says(
            "a whole number from 1 to 1440, or null",
            "minutes without a request after which the model leaves the memory; null: never",
            range=(1, 1440),
        ),
    )
    completion_items: bool = field(
        default=False,
        metadata=_says(
            _TRUTH,
            "whether the text is also a completion item, for editors without ghost text; counts "
            "from the start of the session on",
        ),
    )

    @property
    def window(self) -> Window:
        """How much of a file the model sees."""
        return replace(WINDOW, outline=self.outline)

    def excludes(self, path: str, folders: Iterable[str] = ()) -> bool:
        """Whether one of the `exclude` patterns names the file.

        Args:
            path: the whole path.
            folders: those of the workspace; what follows them in the path is matched as well.
        """
        ways = {PurePath(path).name, path, *_within(path, folders)}
        names = [way.replace("\\", "/").casefold() for way in ways]
        patterns = [pattern.replace("\\", "/").casefold() for pattern in self.exclude]
        return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _within(path: str, folders: Iterable[str]) -> Iterable[str]:
    for folder in folders:
        if PurePath(path).is_relative_to(folder):
            yield str(PurePath(path).relative_to(folder))
