"""The expectations of guessing against guessing."""

import numpy as np
import pandas as pd
import pytest

from vgsnb.errors import UserError
from vgsnb.evaluation import chance, detection, localisation, oracle_accuracy, places_right, spotting

WORDS = pd.DataFrame(
    [("a", "dog", 0.2, 0.5), ("a", "dog", 1.0, 1.3), ("b", "dog", 0.4, 0.7), ("b", "ball", 0.8, 1.2)],
    columns=["utterance_id", "word", "start", "end"],
)
PRESENT = pd.DataFrame({"dog": [True, True], "ball": [False, True]}, index=pd.Index(["a", "b"], name="utterance_id"))
DURATIONS = pd.Series({"a": 1.5, "b": 2.0})


def test_a_random_place_is_right_as_often_as_the_word_is_long():
    table = chance.random_right(WORDS, DURATIONS, PRESENT)
    assert table.to_numpy() == pytest.approx(np.array([[0.6 / 1.5, 0], [0.3 / 2, 0.4 / 2]]))
    rng = np.random.default_rng(1)
    ids = [str(n) for n in range(2000)]
    many = WORDS.head(2).drop(columns="utterance_id").merge(pd.DataFrame({"utterance_id": ids}), how="cross")
    places = pd.DataFrame({"utterance_id": ids, "keyword": "dog", "time": rng.uniform(0, 1.5, 2000)})
    assert places_right(places, many).mean() == pytest.approx(0.4, abs=0.05)


def test_the_middle_of_the_utterance():
    places = chance.middle_places(DURATIONS, PRESENT)
    assert places["time"].tolist() == [0.75, 1.0, 1.0]
    assert oracle_accuracy(places, WORDS, PRESENT) == pytest.approx(1 / 3)


def test_probabilities_give_the_expected_measures(make_collection):
    scores, present, _ = make_collection(2)
    rng = np.random.default_rng(0)
    likely = pd.DataFrame(rng.random(scores.shape), scores.index, scores.columns)
    drawn = [localisation(scores, present, (likely > rng.random(scores.shape)).astype(float)) for _ in range(150)]
    assert localisation(scores, present, likely) == pytest.approx(pd.DataFrame(drawn).mean().to_dict(), abs=0.04)


def permuted(scores, rng):
    return pd.DataFrame({key: rng.permutation(scores[key]) for key in scores}, index=scores.index)


def test_permuted_scores_in_expectation(make_collection):
    scores, present, right = make_collection(4)
    rng = np.random.default_rng(0)
    draws = [permuted(scores, rng) for _ in range(150)]
    ranked = pd.DataFrame([spotting(draw, present) for draw in draws]).mean()
    flat = spotting(chance.permuted_scores(scores), present)
    assert [flat["p10"], flat["pn"], flat["eer"]] == pytest.approx(ranked[["p10", "pn", "eer"]].tolist(), abs=0.04)
    found = pd.DataFrame([detection(draw, present) for draw in draws]).mean().to_dict()
    assert chance.permuted_detection(scores, present) == pytest.approx(found, abs=0.04)
    placed = pd.DataFrame([localisation(draw, present, right) for draw in draws]).mean()
    with_places = chance.permuted_detection(scores, present, right=right)
    assert with_places["f1"] == pytest.approx(placed["actual_f1"], abs=0.04)


def test_an_utterance_without_duration_is_named():
    with pytest.raises(UserError, match="'b'"):
        chance.middle_places(pd.Series({"a": 1.0}), PRESENT)
