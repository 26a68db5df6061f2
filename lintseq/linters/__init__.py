"""The linters by name: pyflakes always, pylint and ruff where they are installed."""

from collections.abc import Callable, Mapping

from lintseq.errors import LintseqError
from lintseq.lint import Linter, Pyflakes


def open_pylint(filename: str) -> Linter:
    """The linter pylint with the paper's options, for texts of the file `filename`.

    Raises:
        LintseqError: pylint is not installed.
    """
    try:
        from lintseq.linters.pylint import Pylint
    except ModuleNotFoundError as error:
        raise _not_installed("pylint", error) from error
    return Pylint(filename)


def open_ruff(filename: str) -> Linter:
    """The linter ruff with the rules that say what pyflakes' counted messages say.

    Raises:
        LintseqError: ruff is not installed.
    """
    try:
        from lintseq.linters.ruff import Ruff
    except ModuleNotFoundError as error:
        raise _not_installed("ruff", error) from error
    return Ruff(filename)


LINTERS: Mapping[str, Callable[[str], Linter]] = {
    "pyflakes": Pyflakes,
    "pylint": open_pylint,
    "ruff": open_ruff,
}
"""Makes a linter for the texts of the file that is named to it."""


def _not_installed(library: str, error: ModuleNotFoundError) -> LintseqError:
    return LintseqError(
        f"the linter {library} needs a library that is not installed ({error}): "
        f"pip install 'lintseq[{library}]'"
    )
