"""What the models of a comparison were made with: a folder with others is refused."""

import hashlib

from training.comparison.plan import Plan
from training.evaluate.code.run import agree


def check_made_with(plan: Plan) -> None:
    """Write what the tuned models depend on into the folder, or compare it with what is there.

    The samples have settings of their own, which `evaluate` compares.

    Raises:
        ValueError: the folder holds another comparison.
    """
    facts = {
        "base": str(plan.base.resolve()),
        "pairs_sha256": hashlib.sha256(plan.pairs.read_bytes()).hexdigest(),
        "steps": plan.steps,
        "sequences": plan.sequences,
        "context": plan.context,
        "overrides": list(plan.overrides),
        "seed": plan.seed,
    }
    agree(plan.folder / "settings.json", facts)
