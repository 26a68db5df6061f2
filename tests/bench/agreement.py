"""`python -m tests.bench.agreement GGUF CHECKPOINT --data FILE`: one model, through both libraries.

Each reference program of HumanEval, behind its instruction, is read by llama.cpp and by
transformers, token for token: how far the log-likelihoods of its tokens are apart, and how often
both find the same token the likeliest. Nothing is asserted.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.progress import track

from tests.training.logits import llama_logits, open_llama, torch_logits
from training.answers import FORMATS
from training.checkpoint import load_model
from training.evaluate.code.problems import read_problems
from training.tokenizer import load_tokenizer

# T tokens, V vocabulary


def main(argv: list[str] | None = None) -> int:
    """0, once the figures are on stdout as JSON."""
    arguments = _parser().parse_args(argv)
    tokenizer = load_tokenizer(arguments.checkpoint / "tokenizer.json")
    model, shape = load_model(arguments.checkpoint)
    llama = open_llama(arguments.gguf, context=shape.context)
    torch.set_num_threads(1)
    likely: list[tuple[float, float]] = []
    apart: list[float] = []
    same: list[bool] = []
    problems = read_problems("humaneval", arguments.data)
    for problem in track(problems, "programs", console=Console(stderr=True), transient=True):
        prompt = FORMATS["whole"].prompt(problem.instruction)
        tokens = tokenizer.encode_segments((*prompt, problem.reference))[: shape.context]
        ours_TV, theirs_TV = llama_logits(llama, tokens), torch_logits(model, tokens)
        both_T = [_log_likelihoods(logits_TV, tokens) for logits_TV in (ours_TV, theirs_TV)]
        apart += np.abs(both_T[0] - both_T[1]).tolist()
        same += (ours_TV.argmax(-1) == theirs_TV.argmax(-1)).tolist()
        likely.append((float(both_T[0].sum()), float(both_T[1].sum())))
    figures = {
        "programs": len(problems),
        "tokens": len(apart),
        "nats_per_token": {
            "llama.cpp": -sum(one for one, _ in likely) / len(apart),
            "transformers": -sum(one for _, one in likely) / len(apart),
        },
        "apart_per_token": {"mean": float(np.mean(apart)), "most": max(apart)},
        "same_likeliest": sum(same) / len(same),
    }
    json.dump(figures, sys.stdout, indent=1)
    print()
    return 0


def _log_likelihoods(logits_TV: np.ndarray, tokens: list[int]) -> np.ndarray:
    """Natural logarithms of all tokens but the first, each given those before it (T - 1,)."""
    logits_TV = logits_TV[:-1].astype(np.float64)
    peaks_T = logits_TV.max(-1)
    normalizers_T = peaks_T + np.log(np.exp(logits_TV - peaks_T[:, None]).sum(-1))
    found_T: np.ndarray = logits_TV[np.arange(len(tokens) - 1), tokens[1:]] - normalizers_T
    return found_T


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.agreement")
    parser.add_argument("gguf", type=Path, help="what `export` wrote")
    parser.add_argument("checkpoint", type=Path, help="what it was made from")
    parser.add_argument("--data", type=Path, required=True, help="HumanEval")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
