"""pylint in process: set up once, then asked for the messages of one text after the other.

A text is checked as `pylint` checks a file that it is given alone. What takes time and does not
depend on the text is done once: options, checkers, and which checker visits which kind of node.
What astroid learned from a text is forgotten behind it (see `lintseq.linters.pylint_memory`), so
that the messages depend on the text and on what is installed, and on nothing before.
"""

import time
import warnings
from collections.abc import Sequence
from functools import partial

from astroid.builder import AstroidBuilder
from astroid.exceptions import AstroidError
from astroid.manager import AstroidManager
from pylint.checkers import BaseRawFileChecker, BaseTokenChecker
from pylint.lint import PyLinter
from pylint.message import Message
from pylint.reporters import CollectingReporter
from pylint.typing import FileItem
from pylint.utils.ast_walker import ASTWalker

from lintseq.errors import LimitError
from lintseq.linters.alarm import TimeUp, time_limit
from lintseq.linters.pylint_memory import TEXT, forget_everything, forget_text, watch_assignments

OPTIONS = (
    "--disable=C,R",
    "--reports=n",
    "--score=n",
    "--unsafe-load-any-extension=y",
    "--generated-members=cv2.*",
)
"""Those of the paper's release. No configuration file is read."""
TIMEOUT_S = 60.0
"""How long a text may take."""
MAX_CHARACTERS = 1_000_000
"""For so much text an engine is used: some checkers keep the trees of every class, about 45 bytes
a character."""


class PylintEngine:
    """pylint, set up. One thread may use it at a time, and one engine of a process."""

    def __init__(self) -> None:
        self._reporter = CollectingReporter()
        self._linter = PyLinter()
        self._linter.load_default_plugins()
        self._linter.set_reporter(self._reporter)
        self._linter._parse_command_line_configuration(OPTIONS)
        self._linter.initialize()
        self._checkers = self._linter.prepare_checkers()
        self._walker = ASTWalker(self._linter)
        # It prints the traceback of an exception only once, and that once has been.
        self._walker.exception_msg = True
        for checker in self._checkers:
            checker.open()
            self._walker.add_checker(checker)
        self._characters = 0
        watch_assignments()

    @property
    def is_spent(self) -> bool:
        """Whether another engine should be set up, which takes about 0.1 s."""
        return self._characters > MAX_CHARACTERS

    def messages(self, text: str, path: str) -> Sequence[Message]:
        """The messages for `text`, a text that Python parses, as that of the file `path`.

        Raises:
            LimitError: pylint crashed, took too long or found it nested too deeply; the engine
                is not to be used again.
        """
        self._reporter.messages = []
        self._characters += len(text)
        start = time.monotonic()
        try:
            with time_limit(TIMEOUT_S), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._check(text, path)
        except (Exception, TimeUp) as error:
            forget_everything()
            # Code in C that the alarm rings in makes an error of its own of it.
            if time.monotonic() - start >= TIMEOUT_S:
                raise LimitError(f"pylint took more than {TIMEOUT_S:.0f} s") from error
            raise _refusal(error) from error
        forget_text()
        return self._reporter.messages

    def _check(self, text: str, path: str) -> None:
        for checker in self._checkers:
            checker.open()
        self._linter.set_current_module(TEXT, path)
        module = AstroidBuilder(AstroidManager()).string_build(text, TEXT, path)
        check = partial(
            self._linter.check_astroid_module,
            walker=self._walker,
            rawcheckers=[each for each in self._checkers if isinstance(each, BaseRawFileChecker)],
            tokencheckers=[each for each in self._checkers if isinstance(each, BaseTokenChecker)],
        )
        self._linter._lint_file(FileItem(TEXT, path, TEXT), module, check)


def _refusal(error: BaseException) -> LimitError:
    cause = error
    while isinstance(cause, AstroidError) and cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, RecursionError | MemoryError):
        return LimitError("nested too deeply for pylint")
    return LimitError(f"pylint crashed: {type(cause).__name__}: {cause}")
