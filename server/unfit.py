"""Texts that nothing is proposed for, whatever the settings say."""

MAX_CHARACTERS = 1_000_000
"""A longer text is data, and reading it again for every keystroke would take all the time."""


def why_unfit(text: str) -> str:
    """Why nothing is proposed for the text; "" if something may be."""
    if len(text) > MAX_CHARACTERS:
        return f"too long: {len(text):,} characters, at most {MAX_CHARACTERS:,} are looked at"
    if "\0" in text:
        return "the text holds a null character, and no Python program does"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "the text holds half a character (a lone surrogate)"
    return ""
