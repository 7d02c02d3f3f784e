"""Answers by the nearest example, against loops on a small test, and on tokens that are known."""

import numpy as np
import pandas as pd
import torch

from vgsnb.oneshot import deal
from vgsnb.oneshot.answers import Cosine, heard, matched, matched_directly, seen, warped
from vgsnb.oneshot.networks import joined, likeness
from vgsnb.speech import dtw

WORDS = {"oh": 0, "zero": 0, "one": 1, "two": 2}


def tables(rng):
    rows = [(word, digit, f"s{speaker}") for speaker in range(4) for word, digit in WORDS.items() for _ in range(6)]
    spoken = pd.DataFrame(rows, columns=["word", "digit", "speaker"])
    return spoken, pd.DataFrame({"digit": rng.permutation(np.arange(90) % 3)})


def test_perfect_vectors_are_always_right_and_a_spoken_class_may_be_the_other_name_of_its_digit():
    rng = np.random.default_rng(0)
    spoken, pictures = tables(rng)
    words = sorted(WORDS)
    speech = Cosine(np.eye(4, dtype=np.float32)[spoken["word"].map(words.index)])
    sight = Cosine(np.eye(3, dtype=np.float32)[pictures["digit"]])
    for distractors in (False, True):
        dealt = deal(spoken, pictures, shots=2, queries=6, count=10, distractors=distractors)
        classes, _ = heard(dealt, speech)
        assert [[words[place] for place in row] for row in classes] == spoken["word"].to_numpy()[dealt.queries].tolist()
        digits = np.array([WORDS[word] for word in words])
        assert np.array_equal(digits[seen(dealt, sight)], pictures["digit"].to_numpy()[dealt.asked])
        assert np.array_equal(digits[matched(dealt, speech, sight)], spoken["digit"].to_numpy()[dealt.queries])


def test_direct_answers_are_those_of_the_training_loss():
    rng = np.random.default_rng(2)
    spoken, pictures = tables(rng)
    speech, sight = (Cosine(rng.normal(size=(len(table), 5)).astype("float32")) for table in (spoken, pictures))
    dealt = deal(spoken, pictures, shots=1, queries=4, count=5)
    found = matched_directly(dealt, speech, sight, (7.0, 9.0))
    vectors = [torch.from_numpy(metric.vectors) for metric in (speech, sight)]
    for number in range(5):
        heard = likeness(
            vectors[0][dealt.queries[number]], vectors[0][dealt.support[number, 0, :, 0]], torch.tensor(7.0)
        )
        seen = likeness(vectors[1][dealt.matching[number]], vectors[1][dealt.shown[number, :, 0]], torch.tensor(9.0))
        assert found[number].tolist() == joined(heard, seen).argmax(dim=1).tolist()
    for distractors in (False, True):
        perfect = deal(spoken, pictures, shots=3, queries=4, count=5, distractors=distractors)
        words = sorted(WORDS)
        known = Cosine(np.eye(4, dtype=np.float32)[spoken["word"].map(words.index)])
        digits = matched_directly(perfect, known, Cosine(np.eye(3, dtype=np.float32)[pictures["digit"]]), (50.0, 50.0))
        right = [[WORDS[words[place]] for place in row] for row in digits]
        assert right == spoken["digit"].to_numpy()[perfect.queries].tolist()


def test_warped_distances_are_those_of_each_pair():
    rng = np.random.default_rng(3)
    tokens = [rng.normal(size=(length, 4)).astype("float32") for length in rng.integers(3, 12, 70)]
    found = warped(tokens)
    assert np.allclose(found.distances, dtw.costs(tokens, tokens), atol=1e-6)
    assert np.allclose(found.distances, found.distances.T)
    assert np.array_equal(found(np.array([3, 5]), np.array([1, 2, 3])), found.distances[[3, 5]][:, [1, 2, 3]])


def test_the_way_over_the_paired_picture_equals_loops():
    rng = np.random.default_rng(1)
    spoken, pictures = tables(rng)
    speech, sight = (Cosine(rng.normal(size=(len(table), 5)).astype("float32")) for table in (spoken, pictures))

    def far(metric, a, b):
        one, two = metric.vectors[a], metric.vectors[b]
        return 1 - one @ two / np.sqrt((one @ one) * (two @ two))

    for distractors in (False, True):
        dealt = deal(spoken, pictures, shots=3, queries=4, count=5, distractors=distractors)
        found = matched(dealt, speech, sight)
        for number in range(5):
            for place, query in enumerate(dealt.queries[number]):
                support = dealt.support[number][place if distractors else 0]
                pairs = [(far(speech, query, support[c, k]), c, k) for c in range(4) for k in range(3)]
                _, row, column = min(pairs)
                shown = dealt.shown[number, row, column]
                best = min(range(4), key=lambda c: far(sight, shown, dealt.matching[number, c]))
                assert found[number, place] == best
