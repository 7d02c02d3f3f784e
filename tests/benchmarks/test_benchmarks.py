"""The benchmarks run, compare equals and write what the book reads: on sizes that say nothing about speed."""

import importlib
import json
import sys
from pathlib import Path

import pandas as pd
import pytest

HERE = Path(__file__).parent
SMALL = {
    "PSC": {"channels": [8] * 5},
    "CNN-Pool": {"channels": [8, 12], "output": 16, "hidden": 20},
    "CNN-Attend": {"channels": [8] * 5, "output": 16, "hidden": 20},
    "CNN-PoolAttend": {"channels": [8, 12], "output": 16, "hidden": 20},
}
SIZES = {
    "bench_masking": {"frames": 60, "sizes": SMALL},
    "bench_grad_cam": {"frames": 60, "sizes": SMALL, "keywords": 5},
    "bench_training": {"utterances": 32, "slow_batches": 1, "sizes": SMALL["CNN-Attend"]},
    "bench_features": {"utterances": 3},
    "bench_dtw": {"words": 2},
    "bench_one_shot": {"episodes": 4},
}
FIELDS = {"name", "architecture", "keywords", "ratio", "baseline_s", "ours_s", "size"}


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(HERE)
    yield importlib.import_module
    for name in ("timing", *SIZES, "bench_growth"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", SIZES)
def test_a_benchmark_writes_its_ratios(name, bench, tmp_path):
    bench(name).main(**SIZES[name], repeats=1, folder=tmp_path)
    found = [json.loads(path.read_text()) for path in tmp_path.glob("*.json")]
    assert found
    for row in found:
        assert set(row) >= FIELDS
        assert row["ratio"] == pytest.approx(row["baseline_s"] / row["ours_s"], abs=0.006)


def test_growth_is_measured_point_by_point(bench, tmp_path):
    points = {"keywords": [1, 2], "recordings": [2]}
    bench("bench_growth").main(points, SMALL["CNN-Attend"], repeats=1, folder=tmp_path)
    found = pd.read_csv(tmp_path / "growth.csv")
    assert found["value"].tolist() == [1, 2, 2]
    assert (found[["seconds", "peak_mib"]] > 0).all(axis=None)
