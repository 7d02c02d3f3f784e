"""What is found, sorted into kinds: against loops over the hits."""

import numpy as np
import pandas as pd
import pytest

from vgsnb.errors import UserError
from vgsnb.evaluation import hits, picture_weights
from vgsnb.evaluation.confusions import best_utterances


@pytest.fixture
def rules(random_collection):
    """The scores of a collection and three rules that often hold together: tables (U, W) of true and false."""
    scores, _, _ = random_collection
    rng = np.random.default_rng(5)
    tables = {name: scores * 0 + rng.random(scores.shape) < 0.4 for name in hits.HIT_TYPES[:3]}
    return scores, tables


def sorted_by_loops(found, tables, otherwise):
    kinds = []
    for hit in found.itertuples():
        true = [name for name, table in tables.items() if table.loc[hit.utterance_id, hit.keyword]]
        kinds.append(true[0] if true else otherwise)
    return kinds


def test_kinds_equal_asking_one_rule_after_the_other(rules):
    scores, tables = rules
    found = best_utterances(scores, 10)
    table = hits.sort_hits(found, tables, "mistake")
    assert table["kind"].tolist() == sorted_by_loops(found, tables, "mistake")
    assert set(table["kind"]) == set(hits.HIT_TYPES)
    assert table[found.columns].equals(found)
    assert "kind" not in found
    backwards = dict(reversed(tables.items()))
    assert hits.sort_hits(found, backwards, "mistake")["kind"].tolist() == sorted_by_loops(found, backwards, "mistake")
    assert hits.sort_hits(found, {}, "mistake")["kind"].tolist() == ["mistake"] * 40


def test_rules_and_hits_may_come_in_any_order_and_rules_may_know_more(rules):
    scores, tables = rules
    found = best_utterances(scores, 5)
    expected = hits.sort_hits(found, tables, "mistake")
    turned = {name: table.assign(more=True).iloc[::-1, ::-1].astype(int) for name, table in tables.items()}
    assert hits.sort_hits(found, turned, "mistake").equals(expected)
    shuffled = found.sample(frac=1, random_state=3)
    assert hits.sort_hits(shuffled, tables, "mistake").equals(expected.loc[shuffled.index])


def test_hits_of_two_systems_in_one_table_with_repeated_row_names(rules):
    scores, tables = rules
    found = pd.concat([best_utterances(scores, 3), best_utterances(1 - scores, 3)])
    table = hits.sort_hits(found, tables, "mistake")
    assert table["kind"].tolist() == sorted_by_loops(found, tables, "mistake")


def test_a_rule_that_lacks_a_pair_is_refused(rules):
    scores, tables = rules
    found, whole = best_utterances(scores, 10), tables["variant"]
    utterance = found["utterance_id"].iloc[-1]
    holed = whole.astype(object)
    holed.loc[utterance] = np.nan
    for table, message in (
        (whole.drop(utterance), f"'variant' lacks utterance_id '{utterance}'"),
        (whole.drop(columns="k2"), "'variant' lacks keyword 'k2'"),
        (holed, f"lacks a value for 'k.' in '{utterance}'"),
        (pd.concat([whole, whole.loc[[utterance]]]), f"utterance_id '{utterance}' more than once"),
    ):
        with pytest.raises(UserError, match=message):
            hits.sort_hits(found, {**tables, "variant": table}, "mistake")
    unfound = scores.index.difference(found["utterance_id"])
    assert len(unfound)
    assert len(hits.sort_hits(found, {"variant": whole.drop(unfound)}, "mistake")) == 40  # only what is found matters


def test_shares_of_all_hits(rules):
    scores, tables = rules
    turned = scores[["k2", "k0", "k3", "k1"]]
    table = hits.sort_hits(best_utterances(turned, 7), tables, "mistake")
    found = hits.shares(table, [*hits.HIT_TYPES, "unheard of"])
    kinds = table["kind"].tolist()
    assert found == pytest.approx({name: kinds.count(name) / 28 for name in [*hits.HIT_TYPES, "unheard of"]})
    assert found["unheard of"] == 0
    assert hits.shares(table, ["semantic"]) == {"semantic": found["semantic"]}  # still of all hits


def test_shares_under_weights_equal_the_hits_written_out(rules):
    scores, tables = rules
    table = hits.sort_hits(best_utterances(scores, 7), tables, "mistake")
    images = pd.Series([f"p{n // 4}" for n in range(40)], scores.index)
    weights = picture_weights(images, 6, seed=1).sample(frac=1, random_state=0)
    found = hits.shares(table, hits.HIT_TYPES, weights)
    for draw in weights:
        again = [
            kind
            for u, kind in zip(table["utterance_id"], table["kind"], strict=True)
            for _ in range(int(weights.loc[u, draw]))
        ]
        assert {name: values[draw] for name, values in found.items()} == pytest.approx(
            {name: again.count(name) / len(again) for name in hits.HIT_TYPES}
        )
    with pytest.raises(UserError, match="has no weight"):
        hits.shares(table, hits.HIT_TYPES, weights.drop(table["utterance_id"].iloc[0]))


def test_a_resample_without_any_hit_and_no_hits_at_all_have_no_shares(rules):
    scores, tables = rules
    table = hits.sort_hits(best_utterances(scores, 2), tables, "mistake")
    weights = pd.DataFrame({0: 1.0, 1: np.where(scores.index.isin(table["utterance_id"]), 0, 1)}, scores.index)
    found = hits.shares(table, hits.HIT_TYPES, weights)
    assert [np.isnan(values).tolist() for values in found.values()] == [[False, True]] * 4
    none = hits.sort_hits(best_utterances(scores, 0), tables, "mistake")
    assert none.columns.tolist() == ["utterance_id", "keyword", "rank", "kind"]
    assert np.isnan(list(hits.shares(none, hits.HIT_TYPES).values())).all()


def test_predicted_words_equal_sorting_in_loops(random_collection):
    scores, present, _ = random_collection
    scores = scores[["k2", "k0", "k3", "k1"]].iloc[::-1]
    rows = []
    for utterance in scores.index:
        words = sorted((-scores.loc[utterance, key], key) for key in scores if scores.loc[utterance, key] > 0.5)
        rows += [[utterance, key, -score, present.loc[utterance, key]] for score, key in words]
    table = hits.predicted_words(scores, present)
    assert table.columns.tolist() == ["utterance_id", "keyword", "score", "said"]
    assert table.to_numpy().tolist() == rows
    assert table["said"].dtype == bool
    assert table.index.tolist() == list(range(len(rows)))


def test_a_word_is_predicted_above_the_threshold_only():
    scores = pd.DataFrame({"dogs": [0.5, 0.75], "ball": [0.25, 0.5]}, ["b", "a"])
    present = pd.DataFrame({"ball": [True, False], "dogs": [False, True]}, ["a", "b"])
    assert hits.predicted_words(scores, present).to_numpy().tolist() == [["a", "dogs", 0.75, False]]
    assert hits.predicted_words(scores, present, 0.25).to_numpy().tolist() == [
        ["b", "dogs", 0.5, True],
        ["a", "dogs", 0.75, False],
        ["a", "ball", 0.5, True],
    ]
    assert hits.predicted_words(scores, present, 0.75).empty
    assert hits.predicted_words(scores.iloc[:0], present).columns.tolist() == [*hits.PAIR, "score", "said"]
    with pytest.raises(UserError, match="same utterances"):
        hits.predicted_words(scores, present.drop("a"))
