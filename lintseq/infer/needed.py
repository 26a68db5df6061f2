"""Whether import lines make names known that a text lacks, also one that is still being written."""

from collections.abc import Sequence

from lintseq.infer.bring import Brought, bring
from lintseq.infer.judge import findings_of_text, judge_step, with_body
from lintseq.program import Lines, split_lines
from lintseq.syntax import parse_module


def bring_needed(text: str, imports: Sequence[str]) -> Brought | None:
    """The text with the import lines, if each brings an undefined name; None if one does not.

    A text that does not parse may hold the header of a block that is still to be written: it is
    judged as if the block were there.
    """
    brought = bring(text, imports)
    if brought is None:
        return None
    before, after = (_complete(split_lines(each)) for each in (text, brought.text))
    names = [_bound(line) for line in imports]
    return brought if all(name and is_fixed(before, after, name) for name in names) else None


def is_fixed(before: str, after: str, name: str) -> bool:
    """Whether the name is known in the new text, which lints no worse than the old one."""
    if not judge_step(before, after).is_clean:
        return False
    old, new = (
        sum(each.kind == "UndefinedName" and each.name == name for each in findings_of_text(text))
        for text in (before, after)
    )
    return new < old


def _bound(line: str) -> str:
    return line.rsplit(maxsplit=1)[-1] if line.startswith(("import ", "from ")) else ""


def _complete(lines: Lines) -> str:
    """The text; with a body behind its first header that lacks one, if it parses only then."""
    text = "".join(lines)
    if parse_module(text) is not None:
        return text
    bodies = ("".join(with_body(lines, number)) for number in range(len(lines)))
    return next((each for each in bodies if each != text and parse_module(each)), text)
