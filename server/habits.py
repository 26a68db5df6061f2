"""What the user has done to a text, as far as it decides what is shown there unasked.

Right after a deletion or an undo nothing is. What was shown and not wanted is remembered with the
line above it: the user typed something else, took it back, or said so; and so is a line that the
user has taken apart.
"""

from dataclasses import dataclass, field, replace
from hashlib import blake2b

from lintseq.infer.ghost import Ghost
from server.changes import Change

_KEPT_TEXTS, _KEPT_REJECTIONS = 50, 200
# Less is a slip of the finger, and says nothing of the line.
_LEAST_DELETED = 3

Rejection = tuple[str, str]
"""The line above and the line, both without the space around them."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What is remembered of one text."""

    quiet: str = ""
    """Why nothing is shown unasked now; nothing if something may be."""
    rejections: tuple[Rejection, ...] = ()
    accepted: Ghost | None = None
    """What was shown and is in the text now, whole, as the last thing that was typed."""
    texts: tuple[bytes, ...] = field(default=(), repr=False)
    """Digests of the texts before, the newest last."""

    def after(self, change: Change, before: str, after: str, ghost: Ghost | None) -> "Habits":
        """What is remembered after one change of the text.

        Args:
            change: in offsets of `before`.
            before: the text before it.
            after: the text after it.
            ghost: what was shown last, if anything.
        """
        removed = before[change.start : change.end]
        digest = _digest(after)
        # One letter typed again after it was deleted is no undo.
        is_undo = digest in self.texts and len(change.text) != 1
        is_deletion = len(change.text.strip()) < len(removed.strip()) or not change.text
        quiet = "right after an undo" if is_undo else "right after a deletion" * is_deletion
        rejections = [*self.rejections]
        if quiet and self.accepted is not None and after == self.accepted.text:
            rejections.append(_ghost_line(self.accepted))
        if quiet and len(removed.strip()) >= _LEAST_DELETED and "\n" not in removed:
            rejections.append(_line(before, change.start))
        if ghost is not None and _is_refused(ghost, change, after):
            rejections.append(_ghost_line(ghost))
        return Habits(
            quiet,
            tuple(dict.fromkeys(rejections))[-_KEPT_REJECTIONS:],
            ghost if ghost is not None and after == _with(ghost) else None,
            (*self.texts, _digest(before))[-_KEPT_TEXTS:],
        )

    def rejected(self, ghost: Ghost) -> "Habits":
        """The same, with what is shown rejected."""
        kept = (*self.rejections, _ghost_line(ghost))[-_KEPT_REJECTIONS:]
        return replace(self, rejections=kept)

    def unwanted_at(self, text: str, offset: int) -> frozenset[str]:
        """The lines that were rejected at the place of this line."""
        above, _ = _line(text, offset)
        return frozenset(line for where, line in self.rejections if where == above)


def _is_refused(ghost: Ghost, change: Change, after: str) -> bool:
    """Whether something else than what was shown was typed in its place."""
    end = change.start + len(change.text)
    if ghost.after_typing(after, end) is not None or after == _with(ghost):
        return False
    low, high = sorted((ghost.offset, change.start))
    return bool(change.text) and "\n" not in after[low:high]


def _with(ghost: Ghost) -> str:
    return ghost.text[: ghost.offset] + ghost.shown + ghost.text[ghost.offset :]


def _ghost_line(ghost: Ghost) -> Rejection:
    return _line(_with(ghost), ghost.offset)


def _line(text: str, offset: int) -> Rejection:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    above = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : start]
    return above.strip(), text[start : end if end >= 0 else len(text)].strip()


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
