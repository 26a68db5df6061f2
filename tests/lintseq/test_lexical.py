import io
import tokenize

import pytest
from hypothesis import given

from lintseq.lexical import Place, place_at
from tests.lintseq.programs import texts


def at(marked: str) -> Place:
    before, _, after = marked.partition("|")
    return place_at(before + after, len(before))


@pytest.mark.parametrize(
    ("marked", "place"),
    [
        ("x = 1|", "code"),
        ("x = 1  # why|", "comment"),
        ("x = 1  # why| not\ny = 2", "comment"),
        ("x = 1  # why\ny|", "code"),
        ("x = 1  |# why", "code"),
        ("x = '# no|'", "string"),
        ("x = '# no'|", "code"),
        ("x = 'a\\'b|'", "string"),
        ("x = '\ny = 1|", "code"),
        ('"""Doc.\n\n# no comment|\n"""\n', "string"),
        ('"""Doc.\n"""\nx|', "code"),
        ('"""Doc\n|', "string"),
        ("x = ''|", "code"),
        ('x = ""  # a|', "comment"),
        ("x = f'{a}'  |", "code"),
        ("x = '''it's'''|", "code"),
        ("# it's|", "comment"),
        ("# it's\nx = |", "code"),
        ("def (:\n    # bro|ken", "comment"),
    ],
)
def test_what_a_place_is(marked: str, place: Place) -> None:
    assert at(marked) == place


@given(texts())
def test_comments_are_where_the_tokenizer_finds_them(lines: tuple[str, ...]) -> None:
    text = "".join(lines)
    try:
        tokens = [*tokenize.generate_tokens(io.StringIO(text).readline)]
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return
    starts = [0]
    for line in io.StringIO(text):
        starts.append(starts[-1] + len(line))
    for token in tokens:
        if token.type == tokenize.COMMENT:
            start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
            assert place_at(text, start) == "code"
            assert {place_at(text, offset) for offset in range(start + 1, end + 1)} == {"comment"}
        elif token.type == tokenize.NAME:
            assert place_at(text, starts[token.start[0] - 1] + token.start[1]) == "code"
