"""Detection against loops, a hand-counted case, and the borders of the threshold."""

import math

import pandas as pd
import pytest

from vgsnb.errors import UserError
from vgsnb.evaluation import detection, detection_by_keyword, sweep


def by_loops(scores, present, theta):
    hits = alarms = misses = 0
    for utterance in scores.index:
        for keyword in scores.columns:
            found, said = scores.loc[utterance, keyword] > theta, present.loc[utterance, keyword]
            hits += found and said
            alarms += found and not said
            misses += said and not found
    precision, recall = hits / (hits + alarms), hits / (hits + misses)
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall)}


def test_equals_counting_in_loops(random_collection):
    scores, present, _ = random_collection
    assert detection(scores, present, 0.5) == pytest.approx(by_loops(scores, present, 0.5))


def test_hand_counted():
    scores = pd.DataFrame({"dog": [0.9, 0.6, 0.5, 0.1], "ball": [0.2, 0.7, 0.8, 0.3]}, index=list("abcd"))
    present = pd.DataFrame({"dog": [True, False, True, False], "ball": [False, True, True, True]}, index=list("abcd"))
    # Detected: dog in a (hit), b (false alarm); ball in b, c (hits). Missed: dog in c, not above 0.5, and ball in d.
    assert detection(scores, present, 0.5) == pytest.approx({"precision": 3 / 4, "recall": 3 / 5, "f1": 6 / 9})
    table = detection_by_keyword(scores, present, 0.5)
    assert table.loc["dog", ["hits", "false_alarms", "misses", "detections", "said"]].tolist() == [1, 1, 1, 2, 2]
    assert table.loc["ball", "f1"] == pytest.approx(0.8)


def test_a_score_that_equals_the_threshold_is_not_detected():
    scores, present = pd.DataFrame({"dog": [0.5]}, index=["a"]), pd.DataFrame({"dog": [True]}, index=["a"])
    assert detection(scores, present, 0.5)["recall"] == 0
    assert detection(scores, present, 0.499)["recall"] == 1


def test_nothing_detected_has_no_precision_and_an_f1_of_zero(random_collection):
    scores, present, _ = random_collection
    values = detection(scores, present, 1.0)
    assert math.isnan(values["precision"])
    assert (values["recall"], values["f1"]) == (0, 0)


def test_rows_and_columns_may_come_in_any_order(random_collection):
    scores, present, _ = random_collection
    assert detection(scores, present.iloc[::-1, ::-1]) == detection(scores, present)


def test_labels_of_other_utterances_or_keywords_are_refused(random_collection):
    scores, present, _ = random_collection
    with pytest.raises(UserError, match="same utterances"):
        detection(scores, present.iloc[1:])
    with pytest.raises(UserError, match="k0"):
        detection(scores, present.drop(columns="k0"))


def test_sweep_says_that_it_uses_text(random_collection):
    scores, present, _ = random_collection
    table = sweep(scores, present, (0.2, 0.5, 0.9))
    assert table["uses_text"].all()
    assert table.loc[1, "f1"] == pytest.approx(detection(scores, present, 0.5)["f1"])
    assert table["f1"].tolist() == pytest.approx([by_loops(scores, present, theta)["f1"] for theta in (0.2, 0.5, 0.9)])
