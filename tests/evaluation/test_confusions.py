"""Which words are located instead: hand-made utterances."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import pearsonr, spearmanr

from vgsnb.evaluation import confusions

WORDS = pd.DataFrame(
    [
        (u, w, n * 0.5, n * 0.5 + 0.5)
        for u in ("a", "b", "c")
        for n, w in enumerate(["surfer", "rides", "wave", "ocean"])
    ],
    columns=["utterance_id", "word", "start", "end"],
)


def places(*rows):
    return pd.DataFrame(rows, columns=["utterance_id", "keyword", "time"])


def test_the_word_under_a_place():
    table = places(
        ("a", "ocean", 0.1), ("a", "wave", 1.5), ("a", "rides", 1.0), ("b", "ocean", 2.5), ("c", "surfer", 1.5)
    )
    # On a border the keyword is taken if it is one of the two words, else the first of them.
    assert confusions.words_under(table, WORDS).tolist() == ["surfer", "wave", "rides", "-", "wave"]


def test_best_utterances_do_not_depend_on_row_order():
    scores = pd.DataFrame({"ocean": [0.3, 0.9, 0.3, 0.1]}, index=list("dbca"))
    first = confusions.best_utterances(scores, 2)
    assert first["utterance_id"].tolist() == ["b", "c"]
    assert first.equals(confusions.best_utterances(scores.iloc[::-1], 2))


def test_most_located_words():
    scores = pd.DataFrame({"ocean": [0.9, 0.8, 0.7, 0.1]}, index=["a", "b", "c", "d"])
    table = places(("a", "ocean", 0.2), ("b", "ocean", 0.3), ("c", "ocean", 1.7), ("d", "ocean", 1.2))
    located = confusions.located_words(scores, table, WORDS, top=3)
    assert located[["rank", "word", "count", "right"]].to_numpy().tolist() == [
        [1, "surfer", 2, False],
        [2, "ocean", 1, True],
    ]


def test_expected_confusions_look_at_the_first_words_only():
    located = pd.DataFrame(
        [("ocean", 1, "the"), ("ocean", 2, "-"), ("ocean", 3, "surfers"), ("ocean", 4, "wave"), ("ball", 1, "soccer")],
        columns=["keyword", "rank", "word"],
    )
    expected = {"ocean": ("surfer", "wave"), "ball": ("soccer",), "face": ("rock",)}
    assert confusions.expected_confusions(located, expected)["appears"].tolist() == [False, True, False]
    alike = confusions.expected_confusions(located, expected, same=lambda a, b: a.rstrip("s") == b.rstrip("s"))
    assert alike["appears"].tolist() == [True, True, False]
    assert len(confusions.EXPECTED) == 8


def test_correlation_equals_scipy_and_its_interval_holds_it():
    rng = np.random.default_rng(0)
    tagging = pd.Series(rng.random(40), [f"k{n}" for n in range(40)])
    f1 = (tagging + rng.normal(0, 0.3, 40)).round(1).drop("k0")
    table = confusions.grounding(f1, tagging, 500)
    assert table.loc["pearson", "value"] == pytest.approx(pearsonr(f1, tagging.drop("k0"))[0])
    assert table.loc["spearman", "value"] == pytest.approx(spearmanr(f1, tagging.drop("k0"))[0])
    assert (table["low"] < table["value"]).all()
    assert (table["value"] < table["high"]).all()
    assert table["keywords"].tolist() == [39, 39]


def test_peaks_are_high_enough_maxima_highest_first():
    alpha, times = np.array([0.0, 0.5, 0.2, 1.0, 1.0, 1.0, 0.1, 0.45, 0.0]), np.arange(9) / 10
    assert confusions.peaks(alpha, times, 0.5).tolist() == [0.4, 0.1]
    assert confusions.peaks(alpha, times, 0.4).tolist() == [0.4, 0.1, 0.7]
    assert confusions.peaks(alpha - 5, times, 0.5).tolist() == [0.4, 0.1]
    assert confusions.peaks(np.ones(9), times).tolist() == [0.4]


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30))
def test_the_first_peak_is_the_place(alpha):
    """The middle of the first level stretch of the highest score; a single frame is its own middle."""
    lower = np.flatnonzero(np.array([*alpha, -np.inf]) < max(alpha))
    first, after = np.argmax(alpha), lower[lower > np.argmax(alpha)][0]
    assert confusions.peaks(np.array(alpha), np.arange(len(alpha)))[0] == (first + after - 1) // 2


@pytest.mark.parametrize(
    ("located", "kind"),
    [
        (["water"], "correct"),
        (["water", "man"], "correct"),
        (["water", "rowing"], "several words"),
        (["rowing", "rowboat", "water"], "several words"),
        (["rowing", "rowboat"], "several words"),
        (["rowing"], "one related word"),
        (["rowing", "man"], "one related word"),
        (["man", "water"], "outright wrong"),
        (["-"], "outright wrong"),
    ],
)
def test_four_kinds(located, kind):
    assert confusions.kind_of(located, "water", {"rowing", "rowboat"}) == kind


def test_two_forms_of_the_keyword_are_correct():
    assert confusions.kind_of(["hund", "hunde"], "dog", (), {"dog": ("hund", "hunde")}) == "correct"


def test_sorting_from_score_maps():
    times = np.arange(0.25, 2.0, 0.5)
    maps = {
        ("a", "ocean"): (np.array([0.1, 0.0, 0.2, 0.9]), times),
        ("b", "ocean"): (np.array([0.9, 0.0, 0.8, 0.1]), times),
        ("c", "ocean"): (np.array([0.0, 0.9, 0.0, 0.2]), times),
        ("c", "wave"): (np.array([0.9, 0.0, 0.0, 0.2]), times),
    }
    related = {"ocean": ("surfer", "wave"), "wave": ("surfer",)}
    table = confusions.sort_localisations(maps, WORDS, related)
    assert table["kind"].tolist() == ["correct", "several words", "outright wrong", "one related word"]
    assert table["located"].tolist() == [("ocean",), ("surfer", "wave"), ("rides",), ("surfer",)]
    assert confusions.shares_of_kinds(table).tolist() == [0.25] * 4


def test_sampled_pairs_are_said_and_in_different_utterances():
    present = pd.DataFrame(np.random.default_rng(0).random((50, 6)) < 0.2, columns=list("klmnop"))
    pairs = confusions.sample_said(present, 20, seed=1)
    assert len(pairs) == pairs["utterance_id"].nunique() == 20
    assert all(present.loc[row.utterance_id, row.keyword] for row in pairs.itertuples())
    assert pairs.equals(confusions.sample_said(present, 20, seed=1))
