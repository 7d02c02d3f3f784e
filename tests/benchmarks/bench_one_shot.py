"""The pairs of a one-shot evaluation, 400 episodes of 10 queries and 11 words: all together against one by one."""

import numpy as np
import pandas as pd
from plain_dtw import by_definition
from timing import compare

from vgsnb.oneshot import answers, deal

FRAMES = (30, 70)
SPEAKERS, TAKES, WORDS = 10, 2, 11
PROBE = 40  # pairs that are aligned one by one


def main(episodes=400, repeats=3, folder=None):
    rng = np.random.default_rng(0)
    rows = [(f"word{word}", word % 10, f"s{speaker}") for speaker in range(SPEAKERS) for word in range(WORDS)] * TAKES
    spoken = pd.DataFrame(rows, columns=["word", "digit", "speaker"])
    tokens = [rng.normal(size=(length, 39)).astype(np.float32) for length in rng.integers(*FRAMES, len(spoken))]
    dealt = deal(spoken, pd.DataFrame({"digit": np.arange(400) % 10}), shots=1, count=episodes)
    pairs = [
        (q, s) for own, asked in zip(dealt.support, dealt.queries, strict=True) for q in asked for s in own.ravel()
    ]

    def slow():
        return [by_definition(tokens[q], tokens[s]) for q, s in pairs[:PROBE]]

    def fast():
        return answers.heard(dealt, answers.warped(tokens))

    known = answers.warped(tokens)
    np.testing.assert_allclose([known.distances[q, s] for q, s in pairs[:PROBE]], slow(), atol=1e-5)
    size = f"{len(pairs)} pairs of {FRAMES[0]} to {FRAMES[1]} frames"
    compare("one-shot", slow, fast, share=PROBE / len(pairs), size=size, repeats=repeats, folder=folder)


if __name__ == "__main__":
    main()
