"""Why nothing was proposed, counted without the names in it."""

import re
from collections import Counter
from collections.abc import Iterable

# Of several candidates the most frequent reason is named.
_SUPPRESSED = re.compile(r"suppressed: |\d+ candidates suppressed, \d+ of them: ")
_FINDING = re.compile(r"([A-Z][a-z]+[A-Z]\w+)\b")


def silent_reasons(reasons: Iterable[str]) -> dict[str, int]:
    """The reasons without the names in them, counted, the most frequent first."""
    return dict(Counter(_kind(reason) for reason in reasons if reason).most_common())


def _kind(reason: str) -> str:
    kind = _SUPPRESSED.sub("", reason)
    # What the linter has a name for stands in front of what it concerns.
    named = _FINDING.match(kind)
    return named[1] if named else re.split("[:'(]", kind)[0].strip()
