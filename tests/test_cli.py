"""The command: lists runs, and answers a user's mistake with one sentence and a non-zero status."""

import pytest
from click.testing import CliRunner

from vgsnb import runs
from vgsnb.cli import main


def test_nobody_can_ask_for_no_worker() -> None:
    shown = CliRunner().invoke(main, ["run", "--preset", "smoke", "--workers", "0"])
    assert shown.exit_code == 2
    assert "--workers" in shown.output


def test_list_names_every_run() -> None:
    shown = CliRunner().invoke(main, ["list", "--preset", "smoke"])
    assert shown.exit_code == 0
    assert len(shown.output.splitlines()) == len(runs.matrix(preset="smoke"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "--preset", "quik"], "There is no preset 'quik'; choose one of: quick, smoke"),
        (["run", "--preset", "smoke", "--only", "train"], "There is no run 'train'; choose one of: corpus, tagging"),
        (["list", "--preset", "quik"], "There is no preset 'quik'"),
        (["build", "--preset", "quik"], "There is no preset 'quik'"),
    ],
)
def test_a_mistake_gets_one_sentence(words: list[str], said: str) -> None:
    answer = CliRunner().invoke(main, words)
    assert answer.exit_code == 2
    assert said in answer.output
    assert "Traceback" not in answer.output
    assert len(answer.output.strip().splitlines()) == 1
