"""The commands `lintseq-train export`, `quantize` and `install`: from a checkpoint to a model."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `export`."""
    parser.add_argument(
        "checkpoint", type=Path, help="folder of a checkpoint: of a run, or a published one"
    )
    parser.add_argument("output", type=Path, help="the GGUF to write")
    parser.add_argument(
        "--type", choices=("f32", "f16", "bf16"), default="f32", help="of the weights (%(default)s)"
    )
    parser.add_argument("--name", default="lintseq", help="the model's name (%(default)s)")
    parser.add_argument("--license", default="mit", help="SPDX identifier (%(default)s)")


def run_export(args: argparse.Namespace) -> int:
    """Write a GGUF, print its path, and return the exit status."""
    from training.export import ExportConfig, export_gguf

    export_gguf(
        args.checkpoint,
        args.output,
        ExportConfig(weight_type=args.type, name=args.name, license=args.license),
    )
    print(args.output)
    return 0


def add_quantize_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `quantize`."""
    parser.add_argument("source", type=Path, help="a GGUF in F32 or F16")
    parser.add_argument("output", type=Path, help="the GGUF to write")
    parser.add_argument("--type", default="Q8_0", help="Q8_0, Q6_K, Q5_K_M, Q4_K_M (%(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="(%(default)s)")


def run_quantize(args: argparse.Namespace) -> int:
    """Write a smaller GGUF, print its path and size, and return the exit status."""
    from training.quantize import quantize_gguf

    size_bytes = quantize_gguf(args.source, args.output, args.type, threads=args.threads)
    print(f"{args.output} {size_bytes} bytes")
    return 0


def add_install_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `install`."""
    parser.add_argument("source", type=Path, help="the GGUF that becomes the default model")
    parser.add_argument(
        "--models", type=Path, help="folder of the default model (the one beside lintseq)"
    )
    parser.add_argument("--calibration", type=Path, help="JSON of the model's calibration")


def run_install(args: argparse.Namespace) -> int:
    """Copy the GGUF, write its manifest, print the manifest's path, and return the exit status."""
    from training.install import install_model

    print(install_model(args.source, args.models, args.calibration))
    return 0
