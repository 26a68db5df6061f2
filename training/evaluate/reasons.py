"""Why nothing was proposed, counted without the names in it."""

import re
from collections import Counter
from collections.abc import Iterable

# Of several candidates the most frequent reason is named.
_SUPPRESSED = re.compile(r"suppressed: |\d+ candidates suppressed, \d+ of them: ")


def silent_reasons(reasons: Iterable[str]) -> dict[str, int]:
    """The reasons without the names in them, counted, the most frequent first."""
    kinds = (_SUPPRESSED.sub("", reason) for reason in reasons if reason)
    return dict(Counter(re.split("[:'(]", kind)[0].strip() for kind in kinds).most_common())
