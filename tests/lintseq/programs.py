"""Small valid programs, as a hypothesis strategy: every statement, and what breaks transcripts."""

from collections.abc import Callable

from hypothesis import strategies as st

from lintseq.lint import lint
from lintseq.program import Lines, split_lines

Draw = Callable[[st.SearchStrategy[str]], str]

# What has a meaning in a transcript, in a diff or for a line splitter, and may stand in a string.
AWKWARD = (
    "@@ -1,0 +2 @@",
    "@@",
    "+",
    "-",
    "\\\\ No newline at end of file",
    "<|diff|>",
    "<|endoftext|>",
    "é 漢 🐍",
    "\r",
    "\f",
    "\x1c",
    "\u2028",
    "\t",
    "# not a comment",
    "def broken(:",
    "plain",
    "",
)

SIMPLE = (
    "{new} = {old}",
    "{new} = -{old}",
    "{new}: int = {old}",
    "{new} = ({old},\n   {old},\n)",
    "{new} = [\n-{old},\n+{old},\n\n# inside\n]",
    "{new} = {old} \\\n  + {old}",
    "{new} = {old} \\\n",
    "{new} = {old} \\\n  # comment",
    "{new} = {old} \\\n  ; print({new})",
    "\\\n{new} = {old}",
    "{new} = 1; print({new})",
    "import os as {new}",
    "from math import (\n    pi as {new},\n)",
    "{new} = lambda a, *b, c={old}: a",
    "{new} = [a for a in range(3) if a]",
    "print(f'{{{old}!r:>10}} {awkward}')",
    "assert {old}, '{awkward}'",
    "{new} = '''{awkward}\n{awkward}\n'''",
    "{new} = b'''\n+\n@@\n'''",
    "'{awkward}'",
    "pass",
    "...",
    "# comment {old}",
    "",
    "\f",
    "'%s %d' % ({old}, 1)",
    "'{{}} {{x}}'.format({old}, x=1)",
)

# Each line is a header that a body follows, or a clause of the same indentation.
COMPOUND = (
    ("if {old}:",),
    ("if {old}:", "elif {old}:", "else:"),
    ("for {new} in range({old}):", "else:"),
    ("while {old}:",),
    ("try:", "finally:"),
    ("try:", "except (ValueError, OSError) as error:", "except Exception:", "else:", "finally:"),
    ("try:", "except* ValueError:"),
    ("with open('x') as {new}, open('y'):",),
    ("def {new}(a, /, b={old}, *c, d: 'int', **e) -> None:",),
    ("@staticmethod\ndef {new}():",),
    ("async def {new}():",),
    ("class {new}:",),
    ("class {new}(Exception, metaclass=type):",),
)

IN_FUNCTION = ("return {old}", "yield {old}", "{new} = yield", "return")
IN_LOOP = ("break", "continue", "if {old}: break")
MATCH = "match {old}:"
CASES = ("case 1 | 2:", "case [a, *_] if a:", "case {{'k': v}}:", "case str():", "case _:")


@st.composite
def texts(draw: Draw) -> Lines:
    """The lines of a program that parses; some have findings."""
    body = _block(draw, depth=0, names=["len", "print"], kind="module")
    text = "\n".join(body)
    indent = draw(st.sampled_from(["    ", "  ", "\t"]))
    text = "".join(_indented(line, indent) for line in text.split("\n"))
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    if draw(st.sampled_from(["ended", "not ended"])) == "not ended":
        text = text.rstrip("\n")
    return split_lines(text.replace("\n", newline))


def programs() -> st.SearchStrategy[Lines]:
    """The lines of a program without findings."""
    return texts().filter(lambda lines: not lint("".join(lines)))


def _indented(line: str, indent: str) -> str:
    # A block marks its depth by "\0", which strings over several lines do not have.
    depth = len(line) - len(line.lstrip("\0"))
    return f"{indent * depth}{line[depth:]}\n"


def _block(draw: Draw, depth: int, names: list[str], kind: str) -> list[str]:
    lines: list[str] = []
    known = names.copy()
    for _ in range(int(draw(st.sampled_from("1123" if depth else "123456")))):
        lines += _statement(draw, depth, known, kind)
    if depth and not any(_is_code(line) for line in lines):
        lines.append("\0" * depth + "pass")
    return lines


def _is_code(line: str) -> bool:
    return line.strip("\0").strip() != "" and not line.strip("\0").startswith("#")


def _statement(draw: Draw, depth: int, names: list[str], kind: str) -> list[str]:
    form = draw(st.sampled_from(["simple"] * 3 + ["compound", "match"] * (depth < 3)))
    if form == "compound":
        return _compound(draw, depth, names, kind)
    if form == "match":
        return _match(draw, depth, names, kind)
    templates = list(SIMPLE)
    if kind == "function":
        templates += IN_FUNCTION * 3
    if kind == "loop":
        templates += IN_LOOP * 4
    return _filled(draw, draw(st.sampled_from(templates)), depth, names)


def _compound(draw: Draw, depth: int, names: list[str], kind: str) -> list[str]:
    clauses = COMPOUND[int(draw(st.sampled_from([str(n) for n in range(len(COMPOUND))])))]
    lines: list[str] = []
    for clause in clauses:
        inner = names.copy()
        lines += _filled(draw, clause, depth, inner)
        lines += _block(draw, depth + 1, inner, _kind_within(clause, kind))
    return lines


def _match(draw: Draw, depth: int, names: list[str], kind: str) -> list[str]:
    lines = _filled(draw, MATCH, depth, names)
    for case in CASES[int(draw(st.sampled_from("01234"))) :]:
        lines += _filled(draw, case, depth + 1, names)
        lines += _block(draw, depth + 2, names, kind)
    return lines


def _kind_within(clause: str, kind: str) -> str:
    if clause.startswith(("for", "while")):
        return "loop"
    if "def " in clause:
        return "function"
    if clause.startswith("class"):
        return "class"
    # A break must not leave an `except*`.
    return "star" if "except*" in clause else kind


def _filled(draw: Draw, template: str, depth: int, names: list[str]) -> list[str]:
    new = draw(st.sampled_from(["alpha", "beta", "gamma", "delta", "épsilon"]))
    awkward = draw(st.sampled_from(AWKWARD))
    if "'''" not in template:
        awkward = awkward.translate({ord(c): "" for c in "\r\n"})
    awkward = awkward.replace("{", "{{").replace("}", "}}")
    text = template.format(new=new, old=draw(st.sampled_from(names)), awkward=awkward)
    if "{new}" in template:
        names.append(new)
    first, *others = text.split("\n")
    if template.startswith("@"):
        others = ["\0" * depth + line for line in others]
    return [first if first == "\f" else "\0" * depth + first, *others]
