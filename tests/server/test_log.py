"""Logs hold no text of a file, unless it is asked for."""

import logging

import pytest

from server.log import WithoutTexts

_TEXT = "secret = 'xyzzy'"


def record(name: str, words: str, *filled: object, error: Exception | None = None) -> str:
    kind = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord(name, logging.ERROR, __file__, 1, words, filled, kind)
    return WithoutTexts("%(levelname)s %(name)s: %(message)s").format(made)


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:  # with its traceback
        return caught


def test_what_others_filled_in_is_left_out() -> None:
    assert record("pygls.protocol", "Failed: %s", _TEXT) == "ERROR pygls.protocol: Failed: %s"


def test_what_others_put_behind_their_words_is_left_out() -> None:
    assert _TEXT not in record("pygls.protocol", f"Unable to read\n{_TEXT}")


def test_our_own_words_stay() -> None:
    assert record("server.consent", "not kept: %s", "disk full").endswith("not kept: disk full")


@pytest.mark.parametrize("name", ["server.proposer", "pygls.server"])
def test_an_exception_is_its_type_and_its_places(name: str) -> None:
    error = raised(SyntaxError("invalid syntax", ("<text>", 1, 1, _TEXT)))
    found = record(name, "failed", error=error)
    assert _TEXT not in found
    assert found.endswith("SyntaxError")
    assert "test_log.py:" in found
