"""Numbers sorted into named classes."""

from __future__ import annotations

import random
from dataclasses import dataclass

from training.exercises.draft import Draft, Parameter
from training.exercises.english import joined
from training.exercises.read_table import rows


@dataclass(frozen=True, slots=True)
class _Scale:
    parameter: str
    noun: str
    low: int
    high: int
    labels: tuple[str, ...]
    name: str


_SCALES = tuple(_Scale(**{**row, "labels": tuple(row["labels"])}) for row in rows("scales"))


def draw_scale(rng: random.Random) -> Draft:
    """Return a task that sorts numbers into classes."""
    return rng.choice((_classified, _classified_list))(rng)


def _bounds(scale: _Scale, count: int, rng: random.Random) -> list[int]:
    """Where classes end: about evenly spread, round where there is room for it."""
    width = (scale.high - scale.low) / count
    bounds = [scale.low + round(width * (at + rng.uniform(-0.25, 0.25))) for at in range(1, count)]
    return [bound - bound % 5 for bound in bounds] if width > 15 else bounds


def _ladder(name: str, bounds: list[int], labels: tuple[str, ...], sign: str) -> list[str]:
    """Bodies that give the label of the class in which a value lies."""
    pairs = list(zip(bounds, labels, strict=False))
    last = labels[len(bounds)]
    returns = "\n".join(
        f'if {name} {sign} {bound}:\n    return "{label}"' for bound, label in pairs
    )
    first, *rest = [f'if {name} {sign} {bound}:\n    label = "{label}"' for bound, label in pairs]
    assigned = "\n".join([first, *(f"el{each}" for each in rest)])
    table = ", ".join(f'({bound}, "{label}")' for bound, label in pairs)
    opposite = ">=" if sign == "<" else ">"
    down = "\n".join(
        f'if {name} {opposite} {bound}:\n    return "{label}"'
        for bound, label in zip(
            reversed(bounds), reversed(labels[1 : len(bounds) + 1]), strict=True
        )
    )
    bisected = "bisect_right" if sign == "<" else "bisect_left"
    quoted = ", ".join(f'"{label}"' for label in labels[: len(bounds) + 1])
    return [
        f'{returns}\nreturn "{last}"',
        f'{assigned}\nelse:\n    label = "{last}"\nreturn label',
        f"for bound, label in [{table}]:\n    if {name} {sign} bound:\n        return label\n"
        f'return "{last}"',
        f'{down}\nreturn "{labels[0]}"',
        f"bounds = {bounds}\nlabels = [{quoted}]\nreturn labels[{bisected}(bounds, {name})]",
    ]


def _told(bounds: list[int], labels: tuple[str, ...], sign: str) -> str:
    word = "below" if sign == "<" else "up to"
    parts = [f'"{label}" {word} {bound}' for bound, label in zip(bounds, labels, strict=False)]
    rest = "from there on" if sign == "<" else "above that"
    return joined([*parts, f'"{labels[len(bounds)]}" {rest}'])


def _classified(rng: random.Random) -> Draft:
    scale = rng.choice(_SCALES)
    count = rng.randint(2, len(scale.labels))
    bounds, sign = _bounds(scale, count, rng), rng.choice(("<", "<", "<="))
    labels = scale.labels[:count]
    bodies = _ladder(scale.parameter, bounds, labels, sign)
    is_guarded = rng.random() < 0.35 and scale.low == 0
    message = f"{scale.parameter} must not be negative"
    guard = f'if {scale.parameter} < 0:\n    raise ValueError("{message}")\n'
    body, reference = (guard * is_guarded + each for each in rng.sample(bodies, 2))
    return Draft(
        kind="decisions",
        family="scales",
        name=rng.choice((scale.name, f"classify_{scale.parameter}", f"{scale.parameter}_label")),
        parameters=(
            Parameter(
                scale.parameter,
                "int",
                scale.noun,
                lambda r: r.choice(
                    (
                        *bounds,
                        *(bound - 1 for bound in bounds),
                        r.randint(scale.low - 5, scale.high),
                    )
                ),
            ),
        ),
        returns="str",
        phrase=f"the class of {{{scale.parameter}}} as a word",
        body=body,
        reference=reference,
        details=(f"It is {_told(bounds, labels, sign)}.",),
        raises=(("ValueError", f"{{{scale.parameter}}} is negative"),) * is_guarded,
        imports=("from bisect import bisect_left, bisect_right",),
    )


def _classified_list(rng: random.Random) -> Draft:
    scale = rng.choice(_SCALES)
    count = rng.randint(2, len(scale.labels))
    bounds, sign = _bounds(scale, count, rng), rng.choice(("<", "<="))
    labels = scale.labels[:count]
    helper_name = f"{scale.parameter}_label"
    ladder = rng.choice(_ladder("value", bounds, labels, sign))
    helper = f"def {helper_name}(value):\n" + "\n".join(
        f"    {line}" for line in ladder.split("\n")
    )
    many = f"{scale.parameter}_values"
    told = _told(bounds, labels, sign)
    task = rng.choice(rows("label_tasks"))

    def fill(text: str) -> str:
        text = (
            text.replace("$many", many).replace("$label", helper_name).replace("$last", labels[-1])
        )
        return text.replace("$scale", scale.parameter).strip("\n")

    body, reference = rng.sample([fill(each) for each in task["bodies"]], 2)
    return Draft(
        kind="decisions",
        family="scales",
        name=fill(task["slug"]).replace(" ", "_"),
        parameters=(
            Parameter(
                many,
                "list[int]",
                "list of values",
                lambda r: [r.randint(scale.low, scale.high) for _ in range(r.randint(0, 6))],
            ),
        ),
        returns=task["returns"],
        phrase=fill(task["phrase"].replace("$many", f"{{{many}}}")),
        body=body,
        reference=reference,
        details=(
            f"The label of a {scale.noun} is {told}.",
            *([task["detail"]] if "detail" in task else []),
        ),
        helpers=helper,
        imports=(
            "from bisect import bisect_left, bisect_right",
            "from collections import Counter, defaultdict",
        ),
    )
