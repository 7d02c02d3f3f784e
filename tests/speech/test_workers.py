import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vgsnb.errors import UserError
from vgsnb.seeds import generator
from vgsnb.speech.workers import in_chunks, spread, with_progress


def die(task):
    os._exit(1)


def refuse(task):
    raise UserError(f"no {task}")


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_tasks(workers):
    assert list(spread(abs, range(-30, 0), workers)) == list(range(30, 0, -1))


@pytest.mark.parametrize(("function", "says"), [(die, "worker processes died"), (refuse, "no 3")])
def test_what_goes_wrong_in_a_worker_is_said(function, says):
    with pytest.raises(UserError, match=says):
        list(spread(function, [3], 2))


def linger(folder):
    Path(folder, str(os.getpid())).touch()
    time.sleep(60)


def test_workers_end_with_their_parent(tmp_path):
    script = "import sys; from test_workers import linger, spread; list(spread(linger, sys.argv[1:3], 2))"
    command = [sys.executable, "-c", script, tmp_path, tmp_path]
    parent = subprocess.Popen(command, cwd=Path(__file__).parent, start_new_session=True)
    _until(lambda: len(list(tmp_path.iterdir())) == 2, 60)
    parent.kill()
    parent.wait()
    for each in tmp_path.iterdir():
        _until(lambda number=each.name: _gone(number), 10)


def _until(there, seconds):
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _gone(number):
    state = Path("/proc", number, "stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_chunks_hold_everything_once():
    assert list(in_chunks([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]
    assert list(in_chunks([], 2)) == []


def test_progress_is_said_and_changes_nothing(capsys):
    assert list(with_progress("abc", 3, "Letters", every=-1)) == ["a", "b", "c"]
    assert "Letters: 2 of 3" in capsys.readouterr().err
    assert list(with_progress("abc", 3, "Letters")) == ["a", "b", "c"]
    assert capsys.readouterr().err == ""


def test_random_numbers_depend_on_names_alone():
    assert generator(1, "voice", "a").random() == generator(1, "voice", "a").random()
    draws = {generator(seed, kind, name).random() for seed in (1, 2) for kind in "xy" for name in "ab"}
    assert len(draws) == 8
    assert generator(sys.maxsize, "x").random() != generator(1, "x").random()
