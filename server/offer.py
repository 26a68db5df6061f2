"""A proposal that somebody steps through, and where they stand in it by what is on screen."""

from dataclasses import dataclass, replace

from lintseq.infer.walk import Walk

_MOST_LABEL_CHARACTERS = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """The steps offered for one text."""

    number: int
    """What clients call it."""
    walk: Walk
    """Where one stands once the last edit that was handed out is applied."""
    before: Walk | None = None
    """Where one stands if it is not."""

    def standing(self, text: str) -> Walk | None:
        """Where one stands in a text; None, if something else has changed it."""
        walks = (walk for walk in (self.walk, self.before) if walk is not None)
        return next((walk for walk in walks if walk.text == text), None)

    def moved(self, before: Walk, after: Walk) -> "Offer":
        """The offer when an edit from `before` to `after` is handed out."""
        return replace(self, walk=after, before=before)


def step_label(walk: Walk, step: int) -> str:
    """A few words for one step."""
    total = len({part.owner for part in walk.parts if part.owner >= 0})
    inserted = "".join(part.text for part in walk.parts if part.owner == step)
    first = next((line.strip() for line in inserted.splitlines() if line.strip()), "")
    if len(first) > _MOST_LABEL_CHARACTERS:
        first = first[:_MOST_LABEL_CHARACTERS] + "…"
    return f"step {step + 1} of {total}: {first}"
