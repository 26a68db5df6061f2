"""`locality`: fits how far repetitions nearby are trusted, into the manifest beside a model."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `locality`."""
    parser.add_argument(
        "data", nargs="+", type=Path, help="files or folders of documents that it has not seen"
    )
    parser.add_argument("--model", type=Path, metavar="GGUF", help="(the default model)")
    parser.add_argument(
        "--without", nargs="+", default=[], metavar="PACKAGE", help="packages to leave out"
    )
    parser.add_argument("--cursors", type=int, default=1000, metavar="N", help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the cursors (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Write the manifest, print what the mixture is worth, and return the exit status."""
    from lintseq.infer.model_file import default_model, verify
    from training.evaluate.documents import held_out
    from training.install import install_locality
    from training.locality_fit import fit_locality
    from training.locality_reader import read_written

    model = args.model or default_model()
    # Refuse what cannot be written before it takes minutes to fit.
    verify(model)
    documents = held_out(args.data, args.without)
    fitting, other = read_written(model, documents, args.cursors, args.seed)
    fit = fit_locality(fitting, other)
    install_locality(model, fit.locality)
    print(f"tokens: {len(fitting)} fitted on, {len(other)} others, of which nats each:")
    print(f"  the model alone        {fit.model_nats:.3f}")
    print(f"  with the file          {fit.file_nats:.3f}")
    print(f"  with its folder, too   {fit.folder_nats:.3f}")
    return 0
