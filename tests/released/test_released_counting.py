"""The released code's counting, occurrence by occurrence, on utterances counted by hand; words it does not know."""

from pathlib import Path

import pandas as pd
import pytest

from vgsnb import evaluation
from vgsnb.corpora import Corpus
from vgsnb.released import counting

WORDS = pd.DataFrame(
    [
        ("a", "dog", 0.2, 0.5), ("a", "dog", 1.0, 1.3), ("b", "dog", 0.4, 0.7), ("b", "ball", 0.1, 0.4),
        ("d", "ball", 0.1, 0.4), ("d", "ball", 0.6, 0.8),
    ],
    columns=["utterance_id", "word", "start", "end"],
)  # fmt: skip
PRESENT = pd.DataFrame(
    {"dog": [True, True, False, False], "ball": [False, True, False, True]}, index=["a", "b", "c", "d"]
)
SCORES = pd.DataFrame({"dog": [0.9, 0.8, 0.7, 0.1], "ball": [0.1, 0.6, 0.1, 0.2]}, index=PRESENT.index)
PLACES = pd.DataFrame(
    [("a", "dog", 0.3), ("b", "dog", 0.1), ("b", "ball", 0.2), ("c", "dog", 0.2), ("d", "ball", 0.7)],
    columns=["utterance_id", "keyword", "time"],
)


def test_occurrences_by_hand():
    """a dog: one of two found. b dog: a wrong place, no miss. b ball: found. c dog: not said. d ball: missed twice."""
    values = counting.actual(SCORES, PRESENT, PLACES, WORDS, 0.5)
    hits, alarms, misses = 1 + 1, 1 + 1 + 1, 2
    assert values["precision"] == pytest.approx(hits / (hits + alarms))
    assert values["recall"] == pytest.approx(hits / (hits + misses))
    assert values["f1"] == pytest.approx(2 * hits / (2 * hits + alarms + misses))
    right = evaluation.right_table(PLACES, WORDS, PRESENT)
    paper = evaluation.actual(SCORES, PRESENT, right, 0.5)
    assert (paper["precision"], paper["recall"]) == (2 / 4, 2 / 4)


def test_a_score_that_equals_the_threshold_is_detected():
    one = pd.DataFrame({"dog": [0.5]}, index=["a"])
    assert counting.actual(one, PRESENT.loc[["a"], ["dog"]], PLACES, WORDS, 0.5)["recall"] == 1


def test_what_has_no_place_is_missed_without_an_alarm():
    values = counting.actual(SCORES, PRESENT, PLACES.drop(index=0), WORDS, 0.5)  # a dog has none
    assert values["precision"] == pytest.approx(1 / (1 + 2))
    assert values["recall"] == pytest.approx(1 / (1 + 2 + 2))
    nothing = counting.actual(SCORES, PRESENT, PLACES[:0], WORDS, 0.5)
    assert (nothing["precision"], nothing["recall"]) == (0, 0)


def test_spotting_looks_at_the_last_occurrence():
    """a dog lies in the first of two, which counts for the paper alone; d ball lies in the last of two."""
    found = counting.localisation(SCORES, PRESENT, PLACES, WORDS)
    right = evaluation.right_table(PLACES, WORDS, PRESENT)
    paper = evaluation.localisation(SCORES, PRESENT, right)
    assert paper["spotting_p10"] == pytest.approx((0.1 + 0.2) / 2)
    assert found["spotting_p10"] == pytest.approx((0.0 + 0.2) / 2)
    assert found["oracle_accuracy"] == paper["oracle_accuracy"]
    assert list(found) == list(paper)


def test_weights_equal_a_resample_that_is_written_out():
    weights = pd.DataFrame({0: [2.0, 1.0, 0.0, 1.0], 1: [0.0, 3.0, 1.0, 0.0]}, index=PRESENT.index)
    values = counting.localisation(SCORES, PRESENT, PLACES, WORDS, 0.5, weights)
    for draw in weights:
        names = [(key, f"{key}{copy}") for key in weights.index for copy in range(int(weights.loc[key, draw]))]
        rows = [key for key, _ in names]
        tables = [table.loc[rows].set_axis([copy for _, copy in names]) for table in (SCORES, PRESENT)]
        copies = pd.DataFrame(names, columns=["utterance_id", "copy"])
        copied = [
            copies.merge(table, on="utterance_id").drop(columns="utterance_id").rename(columns={"copy": "utterance_id"})
            for table in (PLACES, WORDS)
        ]
        wanted = counting.localisation(*tables, *copied, 0.5)
        assert {name: value[draw] for name, value in values.items()} == pytest.approx(wanted, nan_ok=True)


def test_words_with_an_apostrophe_and_utterances_without_times_are_dropped():
    rows = [
        ("u0", "A boy's dog", "u0.flac"), ("u1", "the boy runs", "u1.flac"), ("u2", "a boy", "u2.flac"),
        ("u3", "the women\u2019s boy", ""), ("u4", "a boy on a boy's bike", "u4.flac"),
    ]  # fmt: skip
    times = [
        ("u0", 0, "a"), ("u0", 1, "boy"), ("u0", 2, "dog"), ("u1", 0, "the"), ("u1", 1, "boy"), ("u1", 2, "runs"),
        ("u4", 0, "a"), ("u4", 1, "boy"), ("u4", 2, "on"), ("u4", 3, "a"), ("u4", 4, "boy"), ("u4", 5, "bike"),
    ]  # fmt: skip
    utterances = pd.DataFrame(rows, columns=["utterance_id", "text", "audio"])
    words = pd.DataFrame(times, columns=["utterance_id", "position", "word"]).assign(start=0.0, end=1.0)
    corpus = Corpus(Path(), {}, utterances, words, pd.DataFrame())
    found = counting.without_dropped(corpus)
    texts = found.utterances.set_index("utterance_id")["text"].to_dict()
    assert texts == {"u0": "A dog", "u1": "the boy runs", "u3": "the boy", "u4": "a boy on a bike"}
    assert found.bag_of_words(["boy"], ["u0", "u1", "u4"])["boy"].tolist() == [False, True, True]
    assert corpus.bag_of_words(["boy"], ["u0"])["boy"].tolist() == [True]
    boys = found.words[found.words["word"] == "boy"]
    assert boys[["utterance_id", "position"]].to_numpy().tolist() == [["u1", 1], ["u4", 1]]
    assert len(found.words) == len(words) - 2
    assert corpus.utterances is utterances
