"""Searching a folder of recordings: what is found is what predicting and placing find, lot by lot."""

import numpy as np
import pandas as pd
import pytest
import soundfile
from click.testing import CliRunner

from vgsnb import cli, localise, searching, training
from vgsnb.errors import UserError
from vgsnb.localisation import COARSE
from vgsnb.models import build
from vgsnb.searching import search
from vgsnb.speech.features import FeatureSettings, build_store

SIZES = {"channels": [8] * 5, "output": 16, "hidden": 20}
WORDS = ("ball", "dog", "snow")
SETTINGS = FeatureSettings()


def record(folder, count, seconds=1.0):
    rng = np.random.default_rng(0)
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number}.wav" for number in range(count)]
    for path in paths:
        soundfile.write(path, 0.1 * rng.normal(size=round(seconds * 16000)), 16000)
    return paths


@pytest.fixture
def sounds(tmp_path):
    """Five recordings, one of them broken and one shorter than any masked segment."""
    paths = record(tmp_path / "sounds", 5)
    paths[1].write_bytes(b"RIFF")
    soundfile.write(paths[3], np.full(1600, 0.1), 16000)
    return paths


@pytest.mark.parametrize("method", ["attention", "masked-in"])
def test_it_finds_what_predicting_and_placing_find(method, sounds, tmp_path):
    model = build("CNN-Attend", WORDS, seed=2, **SIZES)
    short = {3} if method == "masked-in" else set()
    items = [(str(path), path) for number, path in enumerate(sounds) if number not in {1} | short]
    store = build_store(tmp_path / "store", items, SETTINGS)
    scores = training.predict(model, store)
    threshold = float(np.median(scores))
    search(model, SETTINGS, sounds, tmp_path, threshold=threshold, method=method, lot=2)
    found = pd.read_csv(tmp_path / "found.csv")
    wanted = scores[scores >= threshold].stack().dropna().rename("score").reset_index()
    wanted.columns = ["file", "keyword", "score"]
    pd.testing.assert_frame_equal(found[["file", "keyword", "score"]], wanted, atol=1e-4, check_dtype=False)
    places = localise(model, store, wanted.rename(columns={"file": "utterance_id"}), method, COARSE)
    columns = ["time", "start", "end"]
    pd.testing.assert_frame_equal(found[columns], places[columns], atol=1e-4)
    broken = pd.read_csv(tmp_path / "broken.csv").set_index("file")["reason"]
    assert "cannot be read" in broken[str(sounds[1])]
    assert all("shorter than every segment" in broken[str(sounds[number])] for number in short)
    assert len(broken) == 1 + len(short)


def test_a_killed_search_goes_on_with_the_lot_that_it_was_at(sounds, tmp_path, monkeypatch):
    model, heard, hear = build("CNN-Attend", WORDS, seed=2, **SIZES), list[int](), searching._heard

    def _heard(paths, settings):
        heard.append(len(paths))
        if heard == [2, 2]:
            raise KeyboardInterrupt
        return hear(paths, settings)

    search(model, SETTINGS, sounds, tmp_path / "once", lot=2)
    monkeypatch.setattr(searching, "_heard", _heard)
    with pytest.raises(KeyboardInterrupt):
        search(model, SETTINGS, sounds, tmp_path / "twice", lot=2)
    search(model, SETTINGS, sounds, tmp_path / "twice", lot=2)
    assert heard == [2, 2, 2, 1]
    for name in ("found.csv", "broken.csv"):
        assert (tmp_path / "once" / name).read_text() == (tmp_path / "twice" / name).read_text()
    assert sorted(path.name for path in (tmp_path / "twice").iterdir()) == ["broken.csv", "found.csv"]


def test_what_cannot_be_searched_for_is_named(sounds, tmp_path):
    model = build("CNN-Attend", WORDS, **SIZES)
    with pytest.raises(UserError, match="no keyword of this model 'cat'"):
        search(model, SETTINGS, sounds, tmp_path, keywords=["cat"])
    with pytest.raises(UserError, match="'score-aggregation'"):
        search(model, SETTINGS, sounds, tmp_path, method="score-aggregation")


def test_the_command_names_a_folder_without_recordings(tmp_path):
    done = CliRunner().invoke(cli.main, ["search", str(tmp_path), "--to", str(tmp_path / "found.csv")])
    assert done.exit_code == 2
    assert "holds no sound file (.wav, .flac)" in done.output
