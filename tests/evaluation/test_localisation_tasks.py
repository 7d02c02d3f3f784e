"""The three localisation tasks against loops and hand-counted utterances."""

import pandas as pd
import pytest

from vgsnb.errors import UserError
from vgsnb.evaluation import (
    actual,
    detection,
    localisation,
    oracle_accuracy,
    picture_weights,
    places_right,
    right_table,
    spotting,
    spotting_localisation,
)
from vgsnb.evaluation.intervals import resampled

WORDS = pd.DataFrame(
    [
        ("a", "dog", 0.2, 0.5), ("a", "runs", 0.5, 0.8), ("a", "dog", 1.0, 1.3),
        ("b", "ball", 0.1, 0.4), ("b", "dog", 0.4, 0.7),
        ("c", "dogs", 0.3, 0.6),
    ],
    columns=["utterance_id", "word", "start", "end"],
)  # fmt: skip
PLACES = pd.DataFrame(
    [("a", "dog", 1.1), ("b", "dog", 0.2), ("b", "ball", 0.4), ("c", "dog", 0.4)],
    columns=["utterance_id", "keyword", "time"],
)
PRESENT = pd.DataFrame({"dog": [True, True, False], "ball": [False, True, False]}, index=["a", "b", "c"])


def test_a_place_in_any_occurrence_is_right_borders_included():
    assert places_right(PLACES, WORDS).tolist() == [True, False, True, False]
    on_border = PLACES.assign(time=[0.5, 0.7, 0.41, 0.3])
    assert places_right(on_border, WORDS).tolist() == [True, True, False, False]


def test_forms_say_which_words_count_as_the_keyword():
    assert places_right(PLACES, WORDS, {"dog": ("dog", "dogs"), "ball": ("ball",)}).tolist() == [
        True,
        False,
        True,
        True,
    ]


def test_the_index_and_order_of_places_do_not_matter():
    turned = PLACES.iloc[::-1].set_axis([9, 9, 3, 1])
    assert places_right(turned, WORDS).tolist() == [False, True, False, True]
    assert right_table(turned, WORDS, PRESENT).equals(right_table(PLACES, WORDS, PRESENT))


def test_two_places_for_one_pair_are_refused():
    with pytest.raises(UserError, match="more than one place"):
        places_right(pd.concat([PLACES, PLACES.head(1)]), WORDS)


def test_oracle_accuracy_counts_said_pairs_only():
    assert oracle_accuracy(PLACES, WORDS) == pytest.approx(2 / 3)  # a dog, b ball of a dog, b dog, b ball
    assert oracle_accuracy(PLACES, WORDS, PRESENT) == pytest.approx(2 / 3)
    assert oracle_accuracy(PLACES.iloc[:1], WORDS, PRESENT) == pytest.approx(1 / 3)  # no place is a wrong place


def test_actual_hand_counted_a_wrong_place_is_false_alarm_and_miss():
    scores = pd.DataFrame({"dog": [0.9, 0.8, 0.7], "ball": [0.6, 0.4, 0.1]}, index=["a", "b", "c"])
    right = right_table(PLACES, WORDS, PRESENT)
    # Detected: a dog (hit), b dog (wrong place: false alarm and miss), c dog and a ball (not said); b ball is missed.
    values = actual(scores, PRESENT, right, 0.5)
    assert values == pytest.approx({"precision": 1 / 4, "recall": 1 / 3, "f1": 2 / 7})


def by_loops(scores, present, right, theta):
    hits = alarms = misses = placed = said = 0
    for utterance in scores.index:
        for key in scores.columns:
            here, found = present.loc[utterance, key], scores.loc[utterance, key] > theta
            good = bool(right.loc[utterance, key]) and here
            said, placed = said + here, placed + good
            hits += found and good
            alarms += found and not good
            misses += here and not (found and good)
    precision, recall = hits / (hits + alarms), hits / (hits + misses)
    f1 = 2 * precision * recall / (precision + recall)
    return {"oracle_accuracy": placed / said, "actual_precision": precision, "actual_recall": recall, "actual_f1": f1}


def test_equals_counting_in_loops(random_collection):
    scores, present, right = random_collection
    values = localisation(scores, present, right, 0.5)
    assert {name: values[name] for name in list(values)[:4]} == pytest.approx(by_loops(scores, present, right, 0.5))


def test_spotting_localisation_equals_sorting_each_keyword(make_collection):
    scores, present, right = make_collection(7, utterances=60, levels=10**6)
    ten, n = [], []
    for key in scores:
        order = scores[key].sort_values(ascending=False).index
        hits = [present.loc[u, key] and right.loc[u, key] > 0 for u in order]
        ten.append(sum(hits[:10]) / 10)
        n.append(sum(hits[: present[key].sum()]) / present[key].sum())
    values = spotting_localisation(scores, present, right)
    assert values == pytest.approx({"p10": sum(ten) / 4, "pn": sum(n) / 4})


def test_detection_and_spotting_bound_localisation_and_perfect_places_reach_them(random_collection):
    scores, present, right = random_collection
    placed, found = localisation(scores, present, right), detection(scores, present)
    ranked = spotting(scores, present)
    assert placed["actual_precision"] <= found["precision"]
    assert placed["actual_recall"] <= found["recall"]
    assert placed["spotting_p10"] <= ranked["p10"]
    perfect = localisation(scores, present, present.astype(float))
    assert perfect["oracle_accuracy"] == 1
    assert perfect["actual_f1"] == pytest.approx(found["f1"])
    assert perfect["spotting_pn"] == pytest.approx(ranked["pn"])


def test_weights_equal_a_resample_that_is_written_out(make_collection):
    tables = make_collection(5, utterances=100)
    images = pd.Series([f"p{n // 5}" for n in range(100)], tables[0].index)
    weights = picture_weights(images, 4, seed=1)
    values = resampled(lambda drawn: localisation(*tables, 0.5, drawn), weights)
    for draw in weights:
        times = weights[draw].astype(int)
        copies = [table.loc[table.index.repeat(times)].reset_index(drop=True) for table in tables]
        assert values.loc[draw].to_dict() == pytest.approx(localisation(*copies, 0.5))
