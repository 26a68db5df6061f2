"""Numbers sorted into named classes, and prices made of rules."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from training.exercises.draft import Draft, Parameter
from training.exercises.english import joined


@dataclass(frozen=True, slots=True)
class _Scale:
    parameter: str
    noun: str
    low: int
    high: int
    labels: tuple[str, ...]
    name: str


_SCALES = (
    _Scale("score", "score", 0, 100, ("fail", "pass", "good", "excellent"), "grade"),
    _Scale("temperature", "temperature", -20, 40, ("freezing", "cold", "mild", "warm", "hot"), "describe_temperature"),
    _Scale("speed", "speed", 0, 160, ("slow", "normal", "fast", "too fast"), "speed_class"),
    _Scale("age", "age", 0, 90, ("child", "teenager", "adult", "senior"), "age_group"),
    _Scale("weight", "weight", 0, 100, ("light", "medium", "heavy", "oversized"), "parcel_class"),
    _Scale("wind", "wind speed", 0, 120, ("calm", "breeze", "gale", "storm"), "wind_label"),
    _Scale("balance", "balance", -50, 500, ("overdrawn", "low", "comfortable", "rich"), "account_state"),
    _Scale("hour", "hour", 0, 23, ("night", "morning", "afternoon", "evening"), "part_of_day"),
    _Scale("points", "number of points", 0, 1000, ("bronze", "silver", "gold", "platinum"), "medal"),
    _Scale("level", "battery level", 0, 100, ("empty", "low", "half", "full"), "battery_state"),
    _Scale("humidity", "humidity", 0, 100, ("dry", "pleasant", "humid"), "humidity_class"),
    _Scale("length", "length", 0, 300, ("short", "medium", "long", "very long"), "length_class"),
    _Scale("errors", "number of errors", 0, 30, ("perfect", "good", "fair", "poor"), "quality"),
    _Scale("minutes", "delay in minutes", 0, 120, ("on time", "late", "very late"), "punctuality"),
)


def draw_decision(rng: random.Random) -> Draft:
    """Return a task that decides by rules on numbers."""
    return rng.choice((_classified, _classified_list, _priced, _priced, _priced))(rng)


def _bounds(scale: _Scale, count: int, rng: random.Random) -> list[int]:
    return sorted(rng.sample(range(scale.low + 2, scale.high - 1), count - 1))


def _ladder(name: str, bounds: list[int], labels: tuple[str, ...], sign: str) -> list[str]:
    """Bodies that give the label of the class in which a value lies."""
    pairs = list(zip(bounds, labels, strict=False))
    last = labels[len(bounds)]
    returns = "\n".join(f'if {name} {sign} {bound}:\n    return "{label}"' for bound, label in pairs)
    first, *rest = [f'if {name} {sign} {bound}:\n    label = "{label}"' for bound, label in pairs]
    assigned = "\n".join([first, *(f"el{each}" for each in rest)])
    table = ", ".join(f'({bound}, "{label}")' for bound, label in pairs)
    opposite = ">=" if sign == "<" else ">"
    down = "\n".join(f'if {name} {opposite} {bound}:\n    return "{label}"' for bound, label in zip(reversed(bounds), reversed(labels[1 : len(bounds) + 1]), strict=True))
    bisected = "bisect_right" if sign == "<" else "bisect_left"
    return [
        f'{returns}\nreturn "{last}"',
        f'{assigned}\nelse:\n    label = "{last}"\nreturn label',
        f'for bound, label in [{table}]:\n    if {name} {sign} bound:\n        return label\nreturn "{last}"',
        f'{down}\nreturn "{labels[0]}"',
        f"bounds = {bounds}\nlabels = {list(labels[: len(bounds) + 1])}\nreturn labels[{bisected}(bounds, {name})]".replace("'", '"'),
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
    guard = f'if {scale.parameter} < 0:\n    raise ValueError("{scale.parameter} must not be negative")\n'
    body, reference = (guard * is_guarded + each for each in rng.sample(bodies, 2))
    return Draft(
        kind="decisions",
        family="decisions",
        name=rng.choice((scale.name, f"classify_{scale.parameter}", f"{scale.parameter}_label")),
        parameters=(Parameter(scale.parameter, "int", scale.noun, lambda r: r.choice((*bounds, *(bound - 1 for bound in bounds), r.randint(scale.low - 5, scale.high)))),),
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
    helper = f"def {helper_name}(value):\n" + "\n".join(f"    {line}" for line in ladder.split("\n"))
    many = f"{scale.parameter}_values"
    told = _told(bounds, labels, sign)
    options = (
        ("list[str]", f"a list of the labels of the values in {{{many}}}", f"label_{scale.parameter}s", [f"return [{helper_name}(value) for value in {many}]", f"result = []\nfor value in {many}:\n    result.append({helper_name}(value))\nreturn result", f"return list(map({helper_name}, {many}))"]),
        ("dict[str, int]", f"a dictionary that counts the values in {{{many}}} for each label that occurs", f"count_{scale.parameter}_labels", [f"counts = {{}}\nfor value in {many}:\n    label = {helper_name}(value)\n    counts[label] = counts.get(label, 0) + 1\nreturn counts", f"return dict(Counter({helper_name}(value) for value in {many}))"]),
        ("dict[str, list[int]]", f"a dictionary that maps each label that occurs to its values in {{{many}}}", f"group_{scale.parameter}s", [f"groups = {{}}\nfor value in {many}:\n    groups.setdefault({helper_name}(value), []).append(value)\nreturn groups", f"groups = defaultdict(list)\nfor value in {many}:\n    groups[{helper_name}(value)].append(value)\nreturn dict(groups)"]),
        ("int", f'the number of values in {{{many}}} with the label "{labels[-1]}"', f"count_{labels[-1].replace(' ', '_')}", [f'return sum(1 for value in {many} if {helper_name}(value) == "{labels[-1]}")', f'count = 0\nfor value in {many}:\n    if {helper_name}(value) == "{labels[-1]}":\n        count += 1\nreturn count']),
    )
    returns, phrase, name, bodies = rng.choice(options)
    body, reference = rng.sample(bodies, 2)
    return Draft(
        kind="decisions",
        family="decisions",
        name=name,
        parameters=(Parameter(many, "list[int]", "list of values", lambda r: [r.randint(scale.low, scale.high) for _ in range(r.randint(0, 6))]),),
        returns=returns,
        phrase=phrase,
        body=body,
        reference=reference,
        details=(f"The label of a {scale.noun} is {told}.",),
        helpers=helper,
        imports=("from bisect import bisect_left, bisect_right", "from collections import Counter, defaultdict"),
    )


@dataclass(frozen=True, slots=True)
class _Fact:
    """A parameter of a price, and rules that depend on it."""

    name: str
    annotation: str
    make: Callable[[random.Random], Any]
    rules: tuple[tuple[str, str], ...]
    """Sentence and statement; `@` is the price, `$` a number."""


_FACTS = (
    _Fact("is_member", "bool", lambda r: r.random() < 0.5, (("Members get {a} off.", "if is_member:\n    @ -= {a}"), ("Members pay {p} percent less, rounded down.", "if is_member:\n    @ = @ * (100 - {p}) // 100"))),
    _Fact("quantity", "int", lambda r: r.randint(1, 30), (("From {q} pieces on, {a} is taken off.", "if quantity >= {q}:\n    @ -= {a}"), ("Every piece beyond the {q}th adds {a}.", "if quantity > {q}:\n    @ += (quantity - {q}) * {a}"))),
    _Fact("distance", "int", lambda r: r.randint(0, 60), (("Each kilometre of the distance adds {s}.", "@ += distance * {s}"), ("Distances above {q} cost {a} more.", "if distance > {q}:\n    @ += {a}"))),
    _Fact("weight", "int", lambda r: r.randint(1, 40), (("Each kilogram above {q} adds {s}.", "@ += max(0, weight - {q}) * {s}"), ("A weight over {q} costs {a} extra, a smaller one nothing.", "if weight > {q}:\n    @ += {a}"))),
    _Fact("age", "int", lambda r: r.randint(0, 90), (("Children under {c} pay half, rounded down.", "if age < {c}:\n    @ //= 2"), ("People of 65 or more get {a} off.", "if age >= 65:\n    @ -= {a}"), ("Children under {c} pay half, and people from 65 on pay {a} less; halves are rounded down.", "if age < {c}:\n    @ //= 2\nelif age >= 65:\n    @ -= {a}"))),
    _Fact("is_weekend", "bool", lambda r: r.random() < 0.5, (("On weekends {a} is added.", "if is_weekend:\n    @ += {a}"), ("On weekends the price doubles, otherwise {s} is taken off.", "if is_weekend:\n    @ *= 2\nelse:\n    @ -= {s}"))),
    _Fact("nights", "int", lambda r: r.randint(1, 14), (("Every night adds {a}.", "@ += nights * {a}"), ("Stays of {c} nights or more get {p} percent off, rounded down.", "if nights >= {c}:\n    @ -= @ * {p} // 100"))),
    _Fact("coupon", "str", lambda r: r.choice(("", "SAVE", "HALF", "NONE")), (('The coupon "SAVE" takes {a} off and "HALF" halves the price, rounded down.', 'if coupon == "SAVE":\n    @ -= {a}\nelif coupon == "HALF":\n    @ //= 2'), ('The coupon "SAVE" takes {a} off.', 'if coupon == "SAVE":\n    @ -= {a}'))),
    _Fact("express", "bool", lambda r: r.random() < 0.5, (("Express delivery costs {a} more.", "if express:\n    @ += {a}"),)),
)
_THINGS = (("ticket", "a ticket"), ("delivery", "a delivery"), ("rental", "a rental"), ("booking", "a booking"), ("order", "an order"), ("trip", "a trip"), ("repair", "a repair"))
_PRICES = ("price", "cost", "fee", "total")


def _priced(rng: random.Random) -> Draft:
    thing, spoken = rng.choice(_THINGS)
    price = rng.choice(_PRICES)
    facts = rng.sample(_FACTS, rng.choice((1, 2, 2, 3, 3)))
    base = rng.randrange(20, 120, 5)
    details, steps = [f"The base {price} is {base}."], [f"{price} = {base}"]
    for number, fact in enumerate(facts):
        sentence, code = rng.choice(fact.rules)
        drawn = {"a": rng.randint(2, 15), "p": rng.choice((5, 10, 20, 25)), "q": rng.randint(4, 15), "s": rng.randint(2, 4), "c": rng.randint(4, 12)}
        sentence = sentence.format(**drawn)
        details.append(f"Then: {sentence[0].lower()}{sentence[1:]}" if number and rng.random() < 0.2 else sentence)
        steps.append(code.format(**drawn).replace("@", price))
    if len(facts) > 1:
        details.append("Apply the rules in this order.")
    end = f"return {price}"
    if rng.random() < 0.45:
        floor = rng.choice((0, 5, 10))
        details.append(f"The {price} is never below {floor}.")
        end = rng.choice((f"return max({floor}, {price})", f"if {price} < {floor}:\n    {price} = {floor}\nreturn {price}"))
    body = "\n".join([*steps, end])
    reference = body.replace(f"{price} //= 2", f"{price} = {price} // 2").replace(f"{price} *= 2", f"{price} = {price} + {price}")
    return Draft(
        kind="decisions",
        family="decisions",
        name=rng.choice((f"{thing}_{price}", f"compute_{thing}_{price}", f"{price}_of_{thing}")),
        parameters=tuple(Parameter(fact.name, fact.annotation, "", fact.make) for fact in facts),
        returns="int",
        phrase=f"the {price} of {spoken}" + (f" for {joined([f'{{{fact.name}}}' for fact in facts])}" if rng.random() < 0.4 else ""),
        body=body,
        reference=reference,
        details=tuple(details),
    )
