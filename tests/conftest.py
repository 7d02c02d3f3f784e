"""All runs of the preset ``smoke``, made once for the notebooks' and the pages' tests, below ``runs/test``."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from vgsnb import runs
from vgsnb.files import project_folder, runs_folder

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small arrays run slower on many threads
os.environ["VGSNB_RUNS"] = str(project_folder() / "runs" / "test")


@pytest.fixture(scope="session")
def smoke() -> Path:
    """The folder of the runs, made as the command makes them."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        errors = runs.execute_all(runs.matrix(preset="smoke"), "smoke", executor, threads=1)
    assert errors == {}
    return runs_folder() / "smoke"
