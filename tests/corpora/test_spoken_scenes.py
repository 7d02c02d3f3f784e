import hashlib
import json

import numpy as np
import pandas as pd
import pytest
import soundfile

from vgsnb.corpora import open_corpus, recording, spoken_scenes
from vgsnb.errors import UserError
from vgsnb.speech import synthesis
from vgsnb.vocabulary import normalise

PICTURES = {"train": 4, "dev": 2, "test": 5, "tagger": 3, "tagger-dev": 1}
SMALL = {"pictures": PICTURES, "spoken": {"en": 2, "de": 1}, "voices": 10, "seed": 3}


def contents(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return spoken_scenes.generate(tmp_path_factory.mktemp("scenes"), **SMALL)


def test_tables_have_the_rows_asked_for(corpus):
    assert corpus.images["split"].value_counts().to_dict() == PICTURES
    captions = corpus.utterances[corpus.utterances["split"] != "test-seen"]
    assert (captions.groupby(["image_id", "language"]).size() == 5).all()
    spoken = corpus.utterances[corpus.utterances["audio"] != ""]
    counts = spoken.groupby(["split", "language"]).size().to_dict()
    assert counts == {
        ("train", "en"): 8, ("train", "de"): 4, ("dev", "en"): 4, ("dev", "de"): 2,
        ("test", "en"): 10, ("test", "de"): 5, ("test-seen", "en"): 10,
    }  # fmt: skip


def test_test_voices_speak_nothing_else(corpus):
    spoken = corpus.utterances[corpus.utterances["audio"] != ""]
    unseen = set(spoken.loc[spoken["split"] == "test", "speaker"])
    known = set(spoken.loc[spoken["split"] != "test", "speaker"])
    assert len(unseen) == 2
    assert not unseen & known
    assert corpus.utterances.loc[corpus.utterances["audio"] == "", "speaker"].eq("").all()


def test_seen_voices_say_the_test_captions_again(corpus):
    test = corpus.select("test").query("audio != ''").set_index("utterance_id")
    seen = corpus.select("test-seen").set_index("utterance_id")
    assert seen.index.tolist() == [f"{name}-seen" for name in test.index]
    assert seen["text"].tolist() == test["text"].tolist()


def test_words_are_those_of_the_text_and_lie_within_the_sound(corpus):
    spoken = corpus.utterances[corpus.utterances["audio"] != ""].set_index("utterance_id")
    assert set(corpus.words["utterance_id"]) == set(spoken.index)
    for name, words in corpus.words.groupby("utterance_id"):
        assert words["word"].tolist() == [normalise(word) for word in spoken.loc[name, "text"].split()]
        assert words["position"].tolist() == list(range(len(words)))
        edges = words[["start", "end"]].to_numpy()
        assert (edges[:, 1] > edges[:, 0]).all()
        assert (edges[1:, 0] >= edges[:-1, 1] - 1e-9).all()
        assert 0.2 < edges[0, 0] < 0.85
        assert edges[-1, 1] < spoken.loc[name, "duration"]


def test_durations_are_those_of_the_files(corpus):
    for row in corpus.utterances.query("audio != ''").itertuples():
        found = soundfile.info(corpus.folder / row.audio)
        assert found.samplerate == 16000
        assert found.duration == pytest.approx(row.duration)
    assert corpus.utterances.query("audio == ''")["duration"].isna().all()


def test_pictures_show_the_facts_that_stand_beside_them(corpus):
    assert {corpus.image(name).size for name in corpus.images["image_id"]} == {(96, 96)}
    facts = corpus.images["facts"].map(json.loads)
    figures = corpus.images["figures"].map(json.loads)
    assert [len(some) for some in figures] == [fact["count"] for fact in facts]
    assert all(box["left"] < box["right"] and box["top"] < box["bottom"] for some in figures for box in some)


def test_description_names_licences_and_checksums(corpus):
    about = corpus.about
    assert about["name"] == "Spoken Scenes"
    assert about["licence"] == "CC BY 4.0"
    assert "espeak-ng" in about["speech"]
    assert about["parameters"] == {**SMALL, "size": 96}
    for name, checksum in about["checksums"].items():
        assert hashlib.sha256((corpus.folder / name).read_bytes()).hexdigest() == checksum


def test_number_of_workers_changes_no_byte(corpus, tmp_path):
    spoken_scenes.generate(tmp_path / "two", **SMALL, workers=2)
    assert contents(tmp_path / "two") == contents(corpus.folder)


def test_seed_changes_scenes_and_captions(corpus, tmp_path):
    few = {**SMALL, "pictures": {"train": 4}, "spoken": {"en": 1}, "seed": 4}
    other = spoken_scenes.generate(tmp_path / "other", **few)
    assert other.select("train")["text"].tolist() != corpus.select("train")["text"].tolist()


def test_small_corpus_begins_the_large_one(corpus, tmp_path):
    few = spoken_scenes.generate(tmp_path / "few", **{**SMALL, "pictures": {"train": 2, "test": 1}})
    shared = few.utterances.merge(corpus.utterances, on="utterance_id", suffixes=("", "_large"))
    assert len(shared) == len(few.utterances)
    for column in ("text", "speaker", "duration"):
        pd.testing.assert_series_equal(shared[column], shared[f"{column}_large"], check_names=False)


def test_interrupted_generation_goes_on_and_comes_out_the_same(corpus, tmp_path, monkeypatch):
    spoken = []

    def break_down(request, folder):
        spoken.append(request.utterance_id)
        if len(spoken) == 20:
            raise KeyboardInterrupt
        return honest(request, folder)

    honest = synthesis.speak
    monkeypatch.setattr(recording, "SAVED_TOGETHER", 8)
    monkeypatch.setattr(synthesis, "BATCH", 4)
    monkeypatch.setattr(synthesis, "speak", break_down)
    with pytest.raises(KeyboardInterrupt):
        spoken_scenes.generate(tmp_path / "again", **SMALL)
    with pytest.raises(UserError, match="missing"):
        open_corpus(tmp_path / "again")
    spoken_scenes.generate(tmp_path / "again", **SMALL)
    assert len(spoken) == len(set(spoken)) + 4  # the batch of the interruption is spoken again
    assert contents(tmp_path / "again") == contents(corpus.folder)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"pictures": {"training": 3}}, "train, dev, test"),
        ({"pictures": {"tagger": 3}}, "Nothing would be spoken"),
        ({"spoken": {"fr": 1}}, "en, de"),
        ({"spoken": {"en": 6}}, "5 captions"),
        ({"voices": 1}, "at least 2"),
    ],
)
def test_impossible_wishes_are_refused_before_anything_is_made(tmp_path, change, says):
    with pytest.raises(UserError, match=says):
        spoken_scenes.generate(tmp_path / "none", **{**SMALL, **change})
    assert not (tmp_path / "none").exists()


def test_speakers_are_mildly_long_tailed():
    voices = synthesis.make_voices(102, 1)
    said = [spoken_scenes._speaker(f"utterance-{number}", voices, False, 1) for number in range(3000)]
    share = np.isin(said, [voice.name for voice in voices[:7]]).mean()
    assert 0.17 < share < 0.26
    assert len(set(said)) == 102
