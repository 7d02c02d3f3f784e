"""The bootstrap: what it draws, what it covers, and pairs."""

import numpy as np
import pandas as pd
import pytest

from vgsnb.errors import UserError
from vgsnb.evaluation import detection, difference, interval, picture_weights, spread


def test_captions_of_a_picture_go_together_and_every_draw_has_all_pictures():
    images = pd.Series(["p", "q", "p", "r", "q"], index=list("abcde"))
    weights = picture_weights(images, 50, seed=3)
    assert weights.shape == (5, 50)
    assert (weights.loc["a"] == weights.loc["c"]).all()
    assert (weights.loc[["a", "b", "d"]].sum() == 3).all()
    assert weights.loc[["d", "e"]].equals(picture_weights(images[::-1], 50, seed=3).loc[["d", "e"]])
    assert not weights.equals(picture_weights(images, 50, seed=4))


def test_utterances_without_picture_or_weight_are_named():
    with pytest.raises(UserError, match="image_id"):
        picture_weights(pd.Series(["p", None], index=["a", "b"]), 5)
    table = pd.DataFrame({"k": [0.1, 0.9]}, index=["a", "b"])
    with pytest.raises(UserError, match="'b'"):
        detection(table, table > 0, weights=picture_weights(pd.Series(["p"], index=["a"]), 5))


def proportion(labels):
    return lambda weights: {
        "share": labels.to_numpy(float) @ weights.loc[labels.index].to_numpy() / weights.sum().to_numpy()
    }


def test_the_interval_of_a_proportion_is_that_of_its_pictures():
    labels = pd.Series(np.arange(400) % 4 == 0, index=[f"u{n}" for n in range(400)])
    alone = pd.Series(labels.index, labels.index)
    table = interval(proportion(labels), alone, resamples=2000, seed=1)
    half = 1.96 * np.sqrt(0.25 * 0.75 / 400)
    assert table.loc["share"].tolist() == pytest.approx([0.25, 0.25 - half, 0.25 + half], abs=0.006)
    fives = pd.concat([labels.set_axis([f"{u}-{n}" for u in labels.index]) for n in range(5)])
    together = pd.Series([u.split("-")[0] for u in fives.index], fives.index)
    same = interval(proportion(fives), together, resamples=2000, seed=1)
    assert same.loc["share"].tolist() == pytest.approx(table.loc["share"].tolist(), abs=0.006)


def test_paired_differences_of_a_system_with_itself_are_nothing(random_collection):
    scores, present, _ = random_collection
    images = pd.Series([f"p{n // 5}" for n in range(40)], scores.index)

    def measure(weights):
        return detection(scores, present, 0.5, weights)

    table = difference(measure, measure, images, 50)
    assert (table == 0).all(axis=None)
    better = difference(
        lambda weights: detection(scores.where(~present, 0.9), present, 0.5, weights), measure, images, 200
    )
    assert better.loc["recall", "low"] > 0


def test_pairing_makes_differences_sharper(make_collection):
    scores, present, _ = make_collection(1, utterances=200)
    other = scores.where(np.random.default_rng(0).random(scores.shape) < 0.9, 0.9)
    images = pd.Series([f"p{n // 5}" for n in range(200)], scores.index)
    first, second = (lambda weights, table=table: detection(table, present, 0.5, weights) for table in (other, scores))
    paired = difference(first, second, images, 300).loc["f1"]
    alone = [interval(measure, images, 300).loc["f1"] for measure in (first, second)]
    assert paired["high"] - paired["low"] < sum(row["high"] - row["low"] for row in alone) / 2


def test_intervals_stay_inside_the_range_and_hold_the_value(random_collection):
    scores, present, _ = random_collection
    images = pd.Series(scores.index, scores.index)
    table = interval(lambda weights: detection(scores, present, 0.5, weights), images, 200)
    assert ((table["low"] >= 0) & (table["low"] <= table["value"])).all()
    assert ((table["value"] <= table["high"]) & (table["high"] <= 1)).all()


def test_spread_over_seeds():
    table = pd.DataFrame({"architecture": ["PSC"] * 3 + ["CNN-Pool"], "seed": [1, 2, 3, 1], "f1": [0.1, 0.2, 0.6, 0.4]})
    rows = spread(table, ["architecture"], ["f1"]).set_index("architecture")
    assert rows.loc["PSC", ["seeds", "mean", "lowest", "highest"]].tolist() == pytest.approx([3, 0.3, 0.1, 0.6])
    assert rows.loc["PSC", "sd"] == pytest.approx(np.std([0.1, 0.2, 0.6], ddof=1))
    assert np.isnan(rows.loc["CNN-Pool", "sd"])
