"""Whether a model attends plainly: to all before, each head to keys of its own, scaled by width."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedConfig


def attends_plainly(config: PreTrainedConfig) -> bool:
    """Return whether `training.attention` computes what this model's own attention would."""
    settings = config.to_dict()
    return (
        settings.get("num_key_value_heads") == settings["num_attention_heads"]
        and settings.get("attn_logit_softcapping") is None
        and settings.get("query_pre_attn_scalar") is None
        and set(settings.get("layer_types") or ()) <= {"full_attention"}
    )
