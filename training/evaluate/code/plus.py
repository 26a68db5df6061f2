"""The longer tests of HumanEval+ and MBPP+: inputs, and a reference that says what is right."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

# What JSON cannot say of the arguments of some problems of MBPP+, by task number.
# Source: `mbpp_deserialize_inputs` of EvalPlus.
_SHAPES: Mapping[tuple[str, ...], tuple[int, ...]] = {
    ("tuple",): (
        *(2, 116, 132, 143, 222, 261, 273, 394, 399, 421, 424),
        *(429, 470, 560, 579, 596, 616, 630, 726, 740, 744, 809),
    ),
    ("tuples",): (63, 64, 70, 94, 120, 237, 272, 299, 400, 409, 417, 438, 473, 614, 780),
    ("tuples", "plain"): (75, 413, 444, 753),
    ("plain", "tuple"): (106, 750),
    ("sets",): (115,),
    ("float", "complex"): (124,),
    ("tuple", "plain"): (250, 307, 405, 446, 617, 720, 763, 808),
    ("tuple of tuples",): (259, 401, 445),
    ("tuple with tuples",): (278,),
    ("dictionary of tuples", "plain"): (722,),
    ("complex",): (252,),
    ("deep tuple",): (580, 615, 791),
}
# Where more than one answer is right. Source: the special oracles of EvalPlus.
_COMPARISONS: Mapping[str, tuple[str, ...]] = {
    "same set": (
        *("similar_elements", "find_char_long", "common_in_nested_lists", "extract_singly"),
        *("larg_nnum", "intersection_array", "find_dissimilar", "Diff"),
    ),
    "found": ("check_str", "text_match_three", "text_starta_endb"),
    "anything": ("are_equivalent",),
    "or zero": ("sum_div",),
    "surface": ("surface_Area",),
    "digits": ("digit_distance_nums",),
}


def plus_checks(row: Mapping[str, Any], reference: str) -> str:
    """Source to be run behind a program; it raises where that differs from the reference.

    The reference is run beside it, input by input, so that nothing has to be written down that
    Python has and JSON lacks, and a wrong program is done with at its first wrong answer.

    Raises:
        KeyError: the row is no problem of EvalPlus.
    """
    dataset, _, number = row["task_id"].partition("/")
    entry_point = row["entry_point"]
    rules = {
        "shapes": _shapes(int(number)) if dataset == "Mbpp" else ("plain",),
        "comparison": _comparison(dataset, entry_point),
        "tolerance": row["atol"],
    }
    inputs = json.dumps([*row["base_input"], *row["plus_input"]])
    oracle = files(__package__).joinpath("oracle.py").read_text(encoding="utf-8")
    return (
        f"_reference, _oracle = {{}}, {{}}\n"
        f"exec({reference!r}, _reference)\n"
        f"exec({oracle!r}, _oracle)\n"
        f"_oracle['check']({entry_point}, _reference[{entry_point!r}], {inputs!r}, {rules!r})\n"
    )


def _shapes(number: int) -> tuple[str, ...]:
    return next((shapes for shapes, numbers in _SHAPES.items() if number in numbers), ("plain",))


def _comparison(dataset: str, entry_point: str) -> str:
    if dataset == "HumanEval":
        return "root" if entry_point == "find_zero" else "alike"
    return next((name for name, points in _COMPARISONS.items() if entry_point in points), "alike")
