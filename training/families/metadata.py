"""The settings of a model as llama.cpp reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gguf

from training.families.family import SIZES, Family, head_width


def add_settings(writer: gguf.GGUFWriter, family: Family, settings: Mapping[str, Any]) -> None:
    """Add what a config.json says to a file's description."""
    prefix = gguf.MODEL_ARCH_NAMES[family.architecture]
    for key, name in {**SIZES, **family.sizes}.items():
        writer.add_uint32(f"{prefix}.{key}", int(settings[name]))
    for key, name in family.numbers.items():
        if settings.get(name) is not None:
            writer.add_float32(f"{prefix}.{key}", float(settings[name]))
    for key, number in family.constants.items():
        writer.add_float32(f"{prefix}.{key}", number)
    width = head_width(settings)
    writer.add_key_length(width)
    writer.add_value_length(width)
    writer.add_rope_dimension_count(width)
    rope = settings.get("rope_parameters") or {}
    writer.add_rope_freq_base(float(rope.get("rope_theta", 10_000.0)))
    if rope.get("rope_type") == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(float(rope["factor"]))
