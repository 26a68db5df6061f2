import pytest

from server.unfit import MAX_CHARACTERS, why_unfit
from tests.server.editor import editor


@pytest.mark.parametrize(
    ("text", "word"),
    [("x" * (MAX_CHARACTERS + 1), "too long"), ("a\0", "null"), ("a\ud83d", "half")],
)
def test_what_nothing_is_proposed_for(text: str, word: str) -> None:
    assert word in why_unfit(text)


@pytest.mark.parametrize("text", ["", "x = 1\n", "x = '😋'\n", "x" * MAX_CHARACTERS])
def test_unfit_noop(text: str) -> None:
    assert why_unfit(text) == ""


@pytest.mark.asyncio
async def test_the_status_says_why_and_a_fit_text_is_served_again() -> None:
    async with editor() as session:
        session.open("total = \n# \ud83d\n")
        assert await session.ghost(0, 8) is None
        assert "half a character" in (await session.request("lintseq/status")).reason
        session.replace((1, 2), (1, 3), "")
        assert await session.ghost(0, 8, invoked=True) == "1 + 2"
