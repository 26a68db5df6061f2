"""Takes secrets and personal data out of a text: e-mail addresses, keys and tokens.

The patterns of keys are those of detect-secrets that match a form rather than a look: high entropy
alone is no reason. Only strings and comments are changed, so that the code stays what it was.

Not covered: names of persons, telephone numbers, IP addresses, passwords without a form of their
own.
"""

from __future__ import annotations

import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

EMAIL = "name@example.com"
SECRET = "REDACTED"  # noqa: S105

# Those that are used, and what stands in every text that they match: mostly it does not.
_DETECTORS = {
    "AWSKeyDetector": "",
    "AzureStorageKeyDetector": "AccountKey",
    "DiscordBotTokenDetector": ".",
    "GitHubTokenDetector": "gh",
    "GitLabTokenDetector": "-",
    "JwtTokenDetector": "eyJ",
    "MailchimpDetector": "-us",
    "OpenAIDetector": "T3BlbkFJ",
    "PypiTokenDetector": "pypi-",
    "SendGridDetector": "SG.",
    "SlackDetector": "",
    "SquareOAuthDetector": "sq0csp-",
    "StripeDetector": "k_live_",
    "TelegramBotTokenDetector": ":",
    "TwilioKeyDetector": "",
}
# The two halves of an address, looked for from the "@": most files have few of these.
_DOMAIN = re.compile(r"@(?:[A-Za-z0-9](?:[\w-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}\b")
_LOCAL = re.compile(r"[A-Za-z0-9][\w.+%-]*$", re.ASCII)
_LONGEST_LOCAL = 64
# Addresses that are nobody's: RFC 2606 and RFC 6761 keep these names.
_NOBODY = re.compile(
    r"@(?:.*\.)?(?:example|test|invalid|localhost|local)(?:\.\w+)?$", re.IGNORECASE
)
_PRIVATE_KEY = re.compile(
    r"(?<=PRIVATE KEY-----)(?:(?!-----BEGIN).)+?(?=-----END)|(?<=PRIVATE KEY BLOCK-----)"
    r"(?:(?!-----BEGIN).)+?(?=-----END)",
    re.DOTALL,
)

Span = tuple[int, int]


def scrub(text: str) -> tuple[str, int]:
    """Return the text without secrets and personal data, and how many were replaced.

    Lines stay lines: their number does not change. A text that is no Python comes back unchanged.
    """
    found = _found(text)
    places = _strings_and_comments(text) if found else []
    starts = [start for start, _ in places]
    replaced = 0
    end_of_last = len(text) + 1
    for start, end, instead in sorted(found, reverse=True):
        around = bisect_right(starts, start) - 1
        if around < 0 or end > places[around][1] or end > end_of_last:
            continue
        lines = "\n" * text.count("\n", start, end)
        text = text[:start] + instead + lines + text[end:]
        replaced, end_of_last = replaced + 1, start
    return text, replaced


def _found(text: str) -> list[tuple[int, int, str]]:
    found = list(_addresses(text))
    if "PRIVATE KEY" in text:
        found += [(*match.span(), SECRET) for match in _PRIVATE_KEY.finditer(text)]
    for needed, pattern in _patterns():
        for match in pattern.finditer(text) if needed in text else ():
            # The part that is secret, where the pattern says which.
            group = match.lastindex if pattern.groups == 1 and match.lastindex else 0
            group = group if len(match.group(group)) >= 20 else 0
            found.append((*match.span(group), SECRET))
    return found


def _addresses(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _DOMAIN.finditer(text):
        at = match.start()
        local = _LOCAL.search(text, max(0, at - _LONGEST_LOCAL), at)
        if local and not _NOBODY.search(match.group()):
            yield local.start(), match.end(), EMAIL


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    classes: Iterable[Any] = get_mapping_from_secret_type_to_class().values()
    return tuple(
        (_DETECTORS[plugin.__name__], pattern)
        for plugin in sorted(classes, key=lambda plugin: plugin.__name__)
        if plugin.__name__ in _DETECTORS
        for pattern in plugin.denylist
    )


def _strings_and_comments(text: str) -> list[Span]:
    """Return the spans of strings and comments, in order; none if the text is no Python."""
    offsets = [0]
    for line in text.split("\n"):
        offsets.append(offsets[-1] + len(line) + 1)
    spans: list[Span] = []
    kinds = {tokenize.STRING, tokenize.COMMENT, getattr(tokenize, "FSTRING_MIDDLE", -1)}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="\n").readline):
            if token.type in kinds:
                start = offsets[token.start[0] - 1] + token.start[1]
                spans.append((start, offsets[token.end[0] - 1] + token.end[1]))
    except (tokenize.TokenError, SyntaxError, IndexError):
        return []
    return spans
