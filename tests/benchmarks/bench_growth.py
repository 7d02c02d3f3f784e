"""How time and memory grow with the length of an utterance, with segments, keywords and the number of recordings.

Every point is measured in a process of its own, whose highest memory is what the operating system says; written to
``runs/bench/growth.csv``: ``quantity, value, seconds, peak_mib``.
"""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from bench_training import sounds

from vgsnb import devices, files
from vgsnb.localisation import SegmentGrid, masking
from vgsnb.models import build
from vgsnb.searching import search
from vgsnb.speech.features import FeatureSettings
from vgsnb.vocabulary import KEYWORDS

POINTS = {
    "seconds of an utterance": [2, 4, 8, 16],
    "durations of segments": [1, 2, 4, 8, 14],
    "keywords": [1, 4, 16, 67],
    "recordings": [500, 1000, 2000],
}


def masked_in(sizes, length=4.0, durations=14, keywords=2):
    """A command that masks one utterance of ``length`` seconds, and one of half a second before it is timed."""
    model, settings = build("CNN-Attend", KEYWORDS, **sizes).eval(), FeatureSettings()
    grid = SegmentGrid(0.03, tuple(0.2 + 0.03 * number for number in range(durations)))

    def mask(frames: int) -> None:
        with torch.no_grad():
            segments = grid.segments(frames, settings)
            masking.segment_logits(model, torch.randn(frames, 39), torch.arange(keywords), segments, True)

    mask(80)
    return partial(mask, round(length / settings.shift))


def searched(sizes, folder, count):
    """A command that searches ``count`` recordings, and a model that finds a keyword in every second one or so."""
    model = build("CNN-Attend", KEYWORDS, **sizes)
    paths = [path for _, path in sounds(folder, count)]
    about = {"threshold": 0.5, "keywords": KEYWORDS[:2], "workers": devices.processors()}
    return partial(search, model, FeatureSettings(), paths, folder, **about)


def measured(point, sizes):
    quantity, value = point
    with tempfile.TemporaryDirectory() as folder:
        commands: dict[str, Callable] = {
            "seconds of an utterance": lambda: masked_in(sizes, length=value),
            "durations of segments": lambda: masked_in(sizes, durations=value),
            "keywords": lambda: masked_in(sizes, keywords=value),
            "recordings": lambda: searched(sizes, Path(folder), value),
        }
        command = commands[quantity]()
        began = time.perf_counter()
        command()
        seconds = time.perf_counter() - began
    return quantity, value, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(points=POINTS, sizes=None, repeats=3, folder=None):
    context = multiprocessing.get_context("spawn")
    asked = [(quantity, value) for quantity, values in points.items() for value in values for _ in range(repeats)]
    with ProcessPoolExecutor(1, context, max_tasks_per_child=1) as pool:
        rows = list(pool.map(partial(measured, sizes=sizes or {}), asked))
    table = pd.DataFrame(rows, columns=["quantity", "value", "seconds", "peak_mib"])
    found = table.groupby(["quantity", "value"], sort=False, as_index=False).median()
    for quantity, some in found.groupby("quantity", sort=False):
        power = np.polyfit(np.log(some["value"]), np.log(some["seconds"]), 1)[0] if len(some) > 1 else np.nan
        print(f"{quantity}: time grows with its power {power:.2f}\n{some.to_string(index=False)}", flush=True)
    with files.whole_file((folder or files.runs_folder() / "bench") / "growth.csv") as path:
        found.to_csv(path, index=False)


if __name__ == "__main__":
    main()
