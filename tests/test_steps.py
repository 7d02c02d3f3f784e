"""The chain of steps on a collection that VGSNB_DATA names: Flickr8k in small, in its publishers' layout."""

import gzip
import shutil

import numpy as np
import pandas as pd
import pytest
from small_flickr8k import EVERY, write, write_flickr8k

from vgsnb import another_language, languages, meaning, runs, steps, summary
from vgsnb.corpora import relevance
from vgsnb.errors import UserError
from vgsnb.report import pages
from vgsnb.settings import load_settings
from vgsnb.vision.backbones import write_activations
from vgsnb.vocabulary import KEYWORDS

TAGGER = {"hidden": [6], "words": 70, "folds": 3, "epochs": 1, "batch_size": 1, "activations": "seen.npz"}
NUMBERS = {
    "corpus": {"kind": "flickr8k", "pictures": {"train": 2, "dev": 1, "test": 2}},
    "keywords": {"least_train_utterances": 1, "least_test_utterances": 1},
    "masking": {"utterances": 2},
    "photo_tagger": TAGGER,
}


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A folder of data with activations of all pictures, named as by the files that others store."""
    place = write_flickr8k(tmp_path / "data" / "flickr8k")
    values = np.random.default_rng(0).random((len(EVERY), 5), np.float32)
    write_activations(place / "seen.npz", [f"{name}.jpg" for name in EVERY], values)
    monkeypatch.setenv("VGSNB_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("VGSNB_RUNS", str(tmp_path / "runs"))
    return place


def test_places_go_on_where_they_were_when_they_were_killed(data, monkeypatch):
    settings, placed = load_settings("smoke", NUMBERS), list[int]()
    system = (settings, "CNN-Attend", "VGS", 1, "attention")
    steps.trained(*system[:4])
    find = steps.localise

    def localise(*args, **kwargs):
        if len(placed) == 1:
            placed.append(0)
            raise KeyboardInterrupt
        placed.append(args[2]["utterance_id"].nunique())
        return find(*args, **kwargs)

    monkeypatch.setattr(steps, "localise", localise)
    monkeypatch.setattr(steps, "PIECE", 3)
    with pytest.raises(KeyboardInterrupt):
        steps.places(*system)
    found = steps.places(*system)
    assert placed == [3, 0, 1]
    monkeypatch.setattr(steps, "PIECE", 250)
    monkeypatch.setenv("VGSNB_RUNS", str(data / "again"))
    pd.testing.assert_frame_equal(found, steps.places(*system))


def test_flickr8k_is_tagged_trained_on_and_partly_masked(data):
    settings = load_settings("smoke", NUMBERS)
    assert steps.corpus(settings).about["name"] == "Flickr8k, synthesised speech"
    assert steps.keywords(settings) == ("ball",)
    assert len(steps.utterances(settings, "train")) == 4
    tags = steps.tags(settings)
    assert tags.columns.tolist() == list(KEYWORDS)
    assert sorted(tags.index) == sorted(set(EVERY) - {"4_d"})
    assert tags.to_numpy().min() > 0
    assert tags.to_numpy().max() < 1
    assert steps.targets(settings, "VGS", "train")["ball"].tolist() == [
        tags.loc[name[:-2], "ball"] for name in steps.utterances(settings, "train")["utterance_id"]
    ]
    assert len(list(steps.tagged(settings).glob("fold-*/member-0/model.safetensors"))) == 3
    masked = steps.masked_utterances(settings)
    assert len({name[:-2] for name in masked}) == 1  # all captions of one of the two pictures
    assert len(steps.places(settings, "CNN-Attend", "VGS", 1, "masked-in")) == 2
    assert len(steps.places(settings, "CNN-Attend", "VGS", 1, "attention")) == 4
    assert summary.voices(settings, 1).empty  # there are no captions in other voices
    pictured = load_settings("smoke", NUMBERS, "pictured")
    pictures = steps.pictures_of(pictured, "train")
    assert set(pictures.shown) <= set(pictures.seen.index)
    assert pictures.seen.shape[1] == 5  # stored activations
    assert (
        steps.trained(pictured, "CNN-Attend", "VGS", 1).folder != steps.trained(settings, "CNN-Attend", "VGS", 1).folder
    )


def test_a_tag_file_takes_the_place_of_training(data):
    tags = [f"{name}.jpg: " + " ".join(str(0.25 + 0.5 * (word == "ball")) for word in KEYWORDS) for name in EVERY]
    write(data / "tags.txt", "Tags: " + " ".join(KEYWORDS), *tags)
    settings = load_settings("smoke", {**NUMBERS, "photo_tagger": {**TAGGER, "tags": "tags.txt"}})
    found = steps.tags(settings)
    assert set(found["ball"]) == {0.75}
    assert set(found["dogs"]) == {0.25}
    assert not len(pd.read_csv(steps.tagged(settings) / "history.csv"))


def test_without_vgsnb_data_a_sentence_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("VGSNB_RUNS", str(tmp_path))
    monkeypatch.delenv("VGSNB_DATA", raising=False)
    with pytest.raises(UserError, match="set it to the folder that holds flickr8k"):
        steps.corpus(load_settings("paper-small"))
    monkeypatch.setenv("VGSNB_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match="no folder"):
        steps.corpus(load_settings("paper-small"))


def test_a_process_holds_what_it_asked_for_last_and_one_corpus(data, monkeypatch):
    made = list[int]()
    monkeypatch.setattr(steps, "KEPT", 2)
    numbered = steps.remembered(lambda settings, number: made.append(number) or [number])
    settings, other = (load_settings("smoke", NUMBERS | {"training": {"learning_rate": rate}}) for rate in (1e-3, 0.5))
    first = numbered(settings, 1)
    numbered(settings, 2)
    assert numbered(settings, 1) is first
    numbered(settings, 3)
    assert numbered(settings, 1) is first
    assert [numbered(settings, 2), numbered(other, 2)] == [[2], [2]]
    assert made == [1, 2, 3, 2, 2]
    assert steps.corpus(settings) is steps.corpus(other)


def test_without_photographs_pages_have_grey_pictures(data):
    shutil.rmtree(data / "images")
    steps._fingerprint.cache_clear()
    settings = load_settings("smoke", NUMBERS)
    corpus = steps.corpus(settings)
    name = steps.utterances(settings, "test")["utterance_id"].iloc[0]
    assert "<img" in pages.utterance(corpus, name).data
    assert steps.tags(settings).shape == (len(EVERY), len(KEYWORDS))  # from the stored activations


def test_runs_are_made_anew_when_the_data_have_changed(data, monkeypatch):
    run = runs.Run("results", "06_results.ipynb")
    monkeypatch.setattr(runs, "load_settings", lambda preset: load_settings("smoke", NUMBERS))
    keys = [runs.about_run(run, "smoke")["key"] for _ in range(2)]
    write(data / "tags.txt", "Tags: " + " ".join(KEYWORDS))
    write_activations(data / "seen.npz", [f"{name}.jpg" for name in EVERY], np.zeros((len(EVERY), 5), np.float32))
    keys.append(runs.about_run(run, "smoke")["key"])
    (data / "images" / "1_a.jpg").unlink()
    steps._fingerprint.cache_clear()  # which a process asks for once
    keys.append(runs.about_run(run, "smoke")["key"])
    monkeypatch.delenv("VGSNB_DATA")
    keys.append(runs.about_run(run, "smoke")["key"])
    assert [keys.index(key) for key in keys] == [0, 0, 2, 3, 4]


@pytest.fixture
def german(data):
    """German captions of all pictures, translations of two test captions, and votes on them."""
    described = [f"{name}.jpg\tt2.de.{k}\tHunde mit einem Ball" for name in EVERY for k in (1, 2)]
    translated = ["6_f.jpg\tt1.en\tA dog number 1 runs to the ball.", "6_f.jpg\tt1.de\tEin Hund läuft zum Wasserball."]
    translated += ["7_g.jpg\tt1.en\tA dog number 0 runs to the ball .", "7_g.jpg\tt1.de\tHunde rennen ins Wasser."]
    (data / "captions_de.tsv.gz").write_bytes(gzip.compress("\n".join([*described, *translated]).encode()))
    write(data / relevance.LABELS, "utt_key,transcription,keywords", "6_f_0,a dog,ball|dogs", "7_g_1,a dog,")
    write(data / relevance.COUNTS, "utt_key,transcription,counts", "6_f_0,a dog,ball=4|dogs=5", "7_g_1,a dog,ball=2")
    return load_settings("smoke", {**NUMBERS, "languages": {"queries": "de"}})


def test_german_queries_are_true_of_what_the_reference_translation_says(german):
    assert set(steps.keywords(german)) == {"ball", "hunde"}
    assert set(steps.scored_keywords(german)) == {"ball", "hunde", "wasser"} & set(steps.keywords(german))
    present = steps.bag_of_words(german, "test")
    assert present.index.tolist() == ["6_f_1", "7_g_0"]  # the captions that were translated
    assert present["ball"].tolist() == [True, False]  # a Wasserball is a Ball
    assert present["hunde"].tolist() == [False, True]
    rows = steps.utterances(german, "test")
    assert steps.looked_up(german, ["ball", "hunde"], rows).sum().tolist() == [
        4,
        0,
    ]  # everybody says "ball", nobody "dogs"
    assert steps.targets(german, "BoW", "train")["ball"].tolist() == [1.0] * 4


def test_the_german_tagger_is_cross_fitted_and_no_english_word_is_in_its_tags(german):
    tags = steps.tags(german)
    assert tags.columns.tolist() == list(languages.GERMAN_KEYWORDS)
    assert sorted(tags.index) == sorted(set(EVERY) - {"4_d"})
    english = load_settings("smoke", NUMBERS)
    assert steps.tagged(english) != steps.tagged(german)
    assert steps.targets(german, "VGS", "train").columns.tolist() == list(steps.keywords(german))
    places = steps.places(german, "CNN-Attend", "VGS", 1, "attention")
    assert set(places["utterance_id"]) == {"6_f_1", "7_g_0"}


def test_votes_are_those_of_annotators_on_utterances_that_are_there(german):
    english = load_settings("smoke", NUMBERS)
    relevant, counts, of = steps.votes(english)
    assert relevant.index.tolist() == ["6_f_0", "7_g_1"]
    assert relevant["ball"].tolist() == [True, False]
    assert counts["ball"].tolist() == [4, 2]
    assert of == 5


def test_nobody_speaks_german_in_flickr8k(german):
    with pytest.raises(UserError, match="Nobody speaks German in Flickr8k"):
        steps.features(load_settings("smoke", {**NUMBERS, "languages": {"speech": "de"}}))
    with pytest.raises(UserError, match="language"):
        steps.keywords(load_settings("smoke", {**NUMBERS, "languages": {"queries": "fr"}}))


def test_all_directions_are_of_the_same_utterances(german):
    english = load_settings("smoke", NUMBERS)
    assert [chosen["languages"] for chosen in another_language.directions(english)] == [
        {"speech": "en", "queries": "en"},
        {"speech": "en", "queries": "de"},
    ]
    for chosen in another_language.directions(english):
        assert another_language.truth(chosen).index.tolist() == ["6_f_1", "7_g_0"]
    (hits,) = [
        table for _, table in another_language.sorted_hits(german, {"tagger": meaning.seen(german)}).groupby("row")
    ]
    kinds = hits.set_index(["utterance_id", "keyword"])["kind"]
    assert kinds["6_f_1", "ball"] == "exact translation"
    assert kinds["6_f_1", "hunde"] == "other form"  # its translation has "Hund"
    assert kinds["7_g_0", "ball"] == "related meaning"  # German captions of its picture have one
    assert hits.set_index("utterance_id").loc["7_g_0", "reference"].iloc[0] == "Hunde rennen ins Wasser."


def test_a_compound_is_its_last_part_for_the_tagger_too(german):
    words = [*languages.GERMAN_KEYWORDS, "wasserball", "hunde", "mit"]
    rows = steps.corpus(german).select("train", "de").assign(text="zwei Hunde mit Wasserball")
    found = steps._said(steps.corpus(german), list(dict.fromkeys(words)), rows)
    assert found[["ball", "wasserball", "hunde", "mit"]].all(axis=None)
