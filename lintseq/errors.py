"""The errors of the package.

LintseqError
├── FormatError   a text is not what the format says
├── LimitError    a program is too large or too deep; the message is the reason
├── LintError     a program does not lint clean to begin with; in `lintseq.sample`
└── EngineError   the model cannot be loaded, crashed, or was asked the impossible
"""


class LintseqError(Exception):
    """Anything this package refuses, in words a user can act on."""


class FormatError(LintseqError):
    """A text that is not in the form it claims to be in."""


class LimitError(LintseqError):
    """A program beyond what is handled; the message is the reason."""


class EngineError(LintseqError):
    """The model cannot be loaded, crashed, or was asked the impossible."""
