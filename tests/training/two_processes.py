"""What `test_distributed` starts under `torchrun`: each configuration file given is trained.

An argument is `CONFIG=FOLDER`: a `config.json` as a run leaves it, and the folder of the run.
"""

import json
import sys
from pathlib import Path

from training.distributed import join_world
from training.json_values import from_json
from training.loop import TrainConfig, train


def main() -> None:
    with join_world():
        for argument in sys.argv[1:]:
            config, folder = argument.split("=")
            train(from_json(TrainConfig, json.loads(Path(config).read_text())), Path(folder))


if __name__ == "__main__":
    main()
