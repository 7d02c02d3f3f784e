"""Meaning and another language on the preset ``smoke``: what the tables say of systems that are known."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from vgsnb import another_language, cli, evaluation, languages, meaning, steps
from vgsnb.errors import UserError
from vgsnb.evaluation.hits import HIT_TYPES, TRANSLATION_KINDS
from vgsnb.settings import Settings, load_settings


@pytest.fixture(scope="module")
def settings(smoke: Path) -> Settings:
    return load_settings("smoke")


def test_the_matcher_knows_the_word_and_its_forms(settings: Settings) -> None:
    found = meaning.systems(settings, 1)
    said, text = steps.bag_of_words(settings, "test"), found[meaning.TEXT]
    assert ((text == 1) == said).all(axis=None)
    assert set(text.to_numpy().ravel()) <= {0.0, meaning.VARIANT, 1.0}
    assert (found[meaning.CHANCE].nunique() == 1).all()
    assert (found[meaning.PRIOR].nunique() == 1).all()
    assert found[meaning.PRIOR].iloc[0].nunique() > 1
    assert all(scores.index.equals(said.index) and list(scores) == list(said) for scores in found.values())


def test_what_is_meant_on_drawn_scenes_is_true_of_the_picture(settings: Settings) -> None:
    meant, votes, of = steps.votes(settings)
    images = steps.utterances(settings, "test").set_index("utterance_id")["image_id"]
    assert of == 100
    assert meant.index.equals(pd.Index(images.index))
    assert (votes.groupby(images.to_numpy()).nunique() == 1).all(axis=None)  # the captions of a picture share its scene
    said = steps.bag_of_words(settings, "test").loc[meant.index]
    assert meant.to_numpy().sum() > said.to_numpy().sum()
    assert (said & meant).equals(said & (votes > 0))  # what is said is relevant, unless nobody else says it
    assert (meant & ~said).equals((votes >= 10) & ~said)


def test_hits_of_perfect_scores_are_correct_before_anything_else(settings: Settings) -> None:
    said = steps.bag_of_words(settings, "test")
    typed = meaning.typed(settings, {"text": said.astype(float)})
    assert (typed.groupby("keyword").size() == meaning.TOP).all()
    for row in typed.itertuples():
        assert (row.kind == "correct") == said.loc[row.utterance_id, row.keyword]
    captions = steps.corpus(settings).select("test").set_index("utterance_id")
    for row in typed[typed["kind"] == "mistake"].itertuples():
        picture = captions.loc[row.utterance_id, "image_id"]
        others = " ".join(captions.loc[captions["image_id"] == picture, "text"])
        assert row.keyword not in others.split()
    two = pd.concat([typed.assign(seed=1), typed[typed["rank"] == 1].assign(seed=2)])
    table = meaning.shares(settings, two)
    assert table["seed"].tolist() == [1, 2]
    assert table[list(HIT_TYPES)].sum(axis=1).tolist() == pytest.approx([1, 1])
    assert table["correct_low"].le(table["correct"]).all()
    assert table["correct"].le(table["correct_high"]).all()
    assert table["correct"].tolist() == [(rows["kind"] == "correct").mean() for _, rows in two.groupby("seed")]


def test_predicted_words_are_those_above_the_threshold(settings: Settings) -> None:
    scores = meaning.models(settings, 1)[meaning.system(settings, "VGS")]
    found = meaning.predicted(settings, scores, scores.index.tolist())
    assert len(found) == (scores > 0.5).to_numpy().sum()
    assert set(found.columns) == {"utterance_id", "keyword", "score", "said", "text"}


def test_examples_show_the_first_utterance_and_its_votes(settings: Settings) -> None:
    scores = meaning.models(settings, 1)[meaning.system(settings, "VGS")]
    table = meaning.voted(settings, scores)
    _, votes, _ = steps.votes(settings)
    meant = steps.votes(settings)[0]
    for row in table.itertuples():
        assert row.rank == scores[row.keyword].rank(ascending=False, method="min")[row.utterance_id]
        assert row.votes == votes.loc[row.utterance_id, row.keyword]
        assert row.relevant == meant.loc[row.utterance_id, row.keyword]
        others = scores.loc[meant[row.keyword] == row.relevant, row.keyword]
        assert scores.loc[row.utterance_id, row.keyword] == others.max()
    assert table["votes"].is_monotonic_decreasing
    assert table.groupby("keyword")["relevant"].nunique().eq(2).all()


def test_without_translations_the_dictionary_decides(settings: Settings) -> None:
    german = another_language.in_languages(settings, "de", "en")
    truth, rows = another_language.truth(german), steps.utterances(german, "test")
    words = languages.translations_of(truth.columns, "de")
    for text, said in zip(rows["text"], truth.to_numpy(), strict=True):
        assert [not set(text.split()).isdisjoint(words[word]) for word in truth] == said.tolist()
    assert another_language.systems(german, 1)["text"].astype(bool).equals(truth)
    other = another_language.in_languages(settings, "en", "de")
    assert set(steps.utterances(other, "test")["language"]) == {"de"}
    assert another_language.truth(other).index.equals(pd.Index(steps.utterances(other, "test")["utterance_id"]))


def test_kinds_of_errors_are_the_first_rule_that_holds(settings: Settings) -> None:
    german = another_language.in_languages(settings, "de", "en")
    found = another_language.sorted_hits(german, {"tagger": meaning.seen(german)})
    truth = another_language.truth(german)
    described = meaning.of_utterances(german, meaning.forms_of_pictures(german))
    assert set(found["kind"]) <= set(TRANSLATION_KINDS)
    for row in found.itertuples():
        pair = (row.utterance_id, row.keyword)
        assert (row.kind == "exact translation") == truth.loc[pair]
        if row.kind in ("wrong tag", "wrong in speech"):
            assert not described.loc[pair]
            assert (row.kind == "wrong tag") == another_language.tagged_high(german).loc[pair]


def test_german_words_are_placed_inside_english_ones(settings: Settings) -> None:
    german = another_language.in_languages(settings, "de", "en")
    table = another_language.localisation(german, 1).set_index("method")
    assert set(table.index) == {"attention", "masked-in", "chance-middle"}
    places = steps.places(german, "CNN-Attend", "VGS", 1, "attention").set_index(["utterance_id", "keyword"])["time"]
    truth = another_language.truth(german).loc[steps.localised_utterances(german, "masked-in")]
    words, forms = steps.corpus(german).words, languages.translations_of(steps.keywords(german), "de")
    right = []
    for utterance, keyword in [pair for pair, said in truth.stack().items() if said]:
        time, own = places[utterance, keyword], words[words["utterance_id"] == utterance]
        own = own[own["word"].isin(forms[keyword])]
        right.append(((own["start"] <= time) & (time <= own["end"])).any())
    assert table.loc["attention", "oracle_accuracy"] == pytest.approx(sum(right) / len(right))


def test_a_translated_query_is_the_likelier_of_its_english_counterparts(settings: Settings) -> None:
    german = another_language.in_languages(settings, "de", "en")
    found = another_language.translated(german, "VGS", 1)
    every = steps.scores(settings, "CNN-Attend", "VGS", 1, "test", every=True)
    counterparts = languages.german_keywords()["english"]
    assert found.index.equals(every.index)
    assert set(found) <= set(steps.scored_keywords(german))
    for keyword in found:
        known = [word for word in counterparts[keyword] if word in every]
        assert found[keyword].tolist() == [max(row) for row in every[known].to_numpy()]
    for keyword in set(steps.scored_keywords(german)) - set(found):
        assert not set(counterparts[keyword]) & set(steps.keywords(settings))


def test_models_of_words_are_asked_for_counterparts_in_the_language_that_is_spoken(settings: Settings) -> None:
    german = another_language.in_languages(settings, "de", "en")
    models, other = another_language.models(german, 1), another_language.translated(german, "BoW", 1)
    assert list(models) == ["VGS", "BoW"]
    assert list(models["BoW"]) == list(models["VGS"]) == list(steps.scored_keywords(german))
    assert models["BoW"][list(other)].equals(other)
    assert (models["BoW"].drop(columns=list(other)) == 0).all(axis=None)
    swapped = another_language.in_languages(settings, "en", "de")
    spoken = steps.scores(
        another_language.in_languages(settings, "de", "de"), "CNN-Attend", "BoW", 1, "test", every=True
    )
    found, counterparts = another_language.translated(swapped, "BoW", 1), languages.german_keywords()["english"]
    assert len(found.columns)
    for keyword in found:
        known = [word for word in spoken if keyword in counterparts[word]]
        assert found[keyword].tolist() == [max(row) for row in spoken[known].to_numpy()]


def test_ways_to_ask_are_compared_on_the_same_keywords_and_resamples(settings: Settings) -> None:
    german = another_language.in_languages(settings, "de", "en")
    table = another_language.ways_to_ask(german, [1, 2])
    assert table["way"].tolist() == [*another_language.WAYS] * 2
    assert table[["keywords", "n_utterances"]].nunique().eq(1).all()
    for seed, group in table.groupby("seed"):
        rows = group.set_index("way")
        for way in ("German keyword", "both"):
            row = rows.loc[way]
            assert row["p10_difference"] == pytest.approx(row["p10"] - rows.loc["translated", "p10"])
            assert row["p10_difference_low"] <= row["p10_difference"] <= row["p10_difference_high"]
        assert np.isnan(rows.loc["translated", "p10_difference"])
        truth, other = another_language.truth(german), another_language.translated(german, "VGS", seed)
        expected = evaluation.spotting(other.loc[truth.index], truth[other.columns])
        assert rows.loc["translated", "average_precision"] == pytest.approx(expected["average_precision"])
        own = steps.scores(german, "CNN-Attend", "VGS", seed, "test")[list(other)]
        expected = evaluation.spotting((own + other).loc[truth.index], truth[other.columns])
        assert rows.loc["both", "average_precision"] == pytest.approx(expected["average_precision"])


def test_recordings_of_ones_own_are_searched_with_german_words(settings: Settings, tmp_path: Path) -> None:
    german = another_language.in_languages(settings, "de", "en")
    spoken, rows = steps.corpus(german), steps.utterances(german, "test").head(3)
    for file in rows["audio"]:
        shutil.copy(spoken.folder / file, tmp_path)
    keyword = next(word for word in steps.keywords(german) if word.islower())
    command = ["search", str(tmp_path), "--to", str(tmp_path / "found.csv"), "--preset", "smoke", "--queries", "de"]
    done = CliRunner().invoke(cli.main, [*command, "--keyword", keyword.upper(), "--threshold", "0"])
    assert done.exit_code == 0, done.output
    assert f"{keyword.upper()} is looked for as {keyword}." in done.output
    found = pd.read_csv(tmp_path / "found.csv")
    assert found["keyword"].tolist() == [keyword] * 3
    scores = steps.own_scores(german, "CNN-Attend", "VGS", 1, "test").loc[rows["utterance_id"], keyword]
    assert sorted(found["score"]) == pytest.approx(sorted(scores), abs=1e-3)
    done = CliRunner().invoke(cli.main, [*command, "--keyword", "Quark"])
    assert done.exit_code == 2
    assert "There is no keyword 'Quark'" in done.output


def test_a_place_in_a_word_that_the_keyword_translates_is_right_in_the_player(settings: Settings) -> None:
    german = another_language.in_languages(settings, "de", "en")
    model, words = steps.trained(german, "CNN-Attend", "VGS", 1).model, steps.corpus(german).words
    forms, judged = languages.translations_of(steps.keywords(german), "de"), set()
    for utterance, said in another_language.truth(german).iterrows():
        for keyword in said.index[said.astype(bool)]:
            shown = steps.explain_one(german, model, utterance, keyword, "attention")
            time, own = shown["places"][keyword][0], words[words["utterance_id"] == utterance]
            inside = own[(own["start"] <= time) & (time <= own["end"])]["word"]
            assert shown["right"] == {keyword: bool(set(inside) & forms[keyword])}
            judged.add(shown["right"][keyword])
    assert judged == {True, False}
    english = steps.trained(settings, "CNN-Attend", "BoW", 1).model
    assert steps.explain(settings, english, steps.utterances(settings, "test")["utterance_id"].iloc[0])["right"] is None


def test_few_true_utterances_are_marked(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    german = another_language.in_languages(settings, "de", "en")
    counts = another_language.truth(german).sum()
    monkeypatch.setattr(another_language, "FEW", int(counts.max()))
    table = another_language.by_keyword(german, 1).set_index("keyword")
    assert table["said"].to_dict() == counts.to_dict()
    assert table["few"].to_dict() == (counts < counts.max()).to_dict()
    assert table["few"].nunique() == 2


def test_predicted_words_are_judged_by_the_utterance_and_by_its_picture(settings: Settings) -> None:
    scores = meaning.models(settings, 1)[meaning.system(settings, "BoW")]
    theta = float(scores.stack().median())  # half of all words are predicted
    table = meaning.prediction(load_settings("smoke", {"evaluation": {"threshold": theta}}), [1])
    rows, found = steps.utterances(settings, "test").set_index("utterance_id"), scores > theta
    captions = steps.corpus(settings).select("test")  # spoken or not
    by_picture = captions.groupby("image_id")["text"].agg(" ".join).loc[rows["image_id"]].set_axis(rows.index)
    for truth, texts in (("utterance", rows["text"]), ("picture", by_picture)):
        said = pd.DataFrame({word: [word in text.split() for text in texts] for word in found}, texts.index)
        right, row = (found & said.loc[found.index]).to_numpy().sum(), table.set_index(["row", "truth"])
        own = row.loc[(meaning.system(settings, "BoW"), truth)]
        assert right > 0
        assert own["recall"] == pytest.approx(right / said.to_numpy().sum())
        assert own["precision"] == pytest.approx(right / found.to_numpy().sum())


def test_without_a_model_that_pictures_taught_there_is_nothing_to_show() -> None:
    settings = load_settings("smoke", {"systems": {"supervisions": ["BoW"]}})
    with pytest.raises(UserError, match=r"trains no model with VGS.*add it"):
        meaning.visual(settings)


def test_rows_of_the_first_seed_have_what_has_none(settings: Settings) -> None:
    table = another_language.in_direction(another_language.in_languages(settings, "de", "en"), [1, 2])
    assert table.groupby("model")["seed"].agg(list).to_dict() == {
        "BoW": [1, 2], "VGS": [1, 2], "chance": [1], "tagger": [1], "text": [1],
    }  # fmt: skip
    chance = table.set_index("model").loc["chance"]
    assert chance["eer"] == 0.5
