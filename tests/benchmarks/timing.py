"""Two commands timed in turn in one process: what a benchmark measures and writes.

A machine has fast and slow minutes. So each repeat times both commands, and what is claimed is the ratio of their
medians.
"""

import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from vgsnb import devices, files

Command = Callable[[], Any]


def compare(
    name: str,
    baseline: Command,
    ours: Command,
    *,
    size: str,
    architecture: str = "",
    keywords: int = 0,
    share: float = 1.0,
    repeats: int = 5,
    folder: Path | None = None,
) -> dict[str, Any]:
    """Time ``baseline`` and ``ours`` in turn and write the ratio of their medians to ``runs/bench``.

    ``size`` says in words what both work on. Where ``baseline`` does only a ``share`` of the work, its time is
    divided by it: of a thousand segments that are scored one by one, fifty take a twentieth of the time.
    """
    ours(), baseline()  # kernels are prepared, files are in memory
    times = [(_seconds(baseline) / share, _seconds(ours)) for _ in range(repeats)]
    baseline_s, ours_s = (statistics.median(values) for values in zip(*times, strict=True))
    found = {
        "name": name,
        "architecture": architecture,
        "keywords": keywords,
        "ratio": round(baseline_s / ours_s, 2),
        "baseline_s": baseline_s,
        "ours_s": ours_s,
        "size": size,
        "share": share,
        "repeats": repeats,
        "threads": torch.get_num_threads(),
        "machine": machine(),
    }
    folder = folder or files.runs_folder() / "bench"
    label = "-".join(filter(None, [name, architecture, str(keywords) if keywords else ""]))
    with files.whole_file(folder / f"{label}.json") as path:
        path.write_text(json.dumps(found, indent=1) + "\n")
    print(f"{label}: {found['ratio']:.1f} times ({baseline_s:.3f} s, {ours_s:.3f} s; {size})", flush=True)
    return found


def _seconds(command: Command) -> float:
    began = time.perf_counter()
    command()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - began


def machine() -> str:
    """The processor, how many of it may be used, and the device that torch computes on."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = os.uname().machine
    return f"{name}; {devices.describe()}"
