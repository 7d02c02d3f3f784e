"""Dynamic time warping: all pairs together against the definition, cell by cell in Python."""

from functools import partial

import numpy as np
from timing import compare

from vgsnb.speech import dtw

FRAMES = 50


def by_definition(x, y):
    x, y = (frames / np.linalg.norm(frames, axis=1, keepdims=True) for frames in (x, y))
    distance, cost = 1 - x @ y.T, np.full((len(x) + 1, len(y) + 1), np.inf)
    cost[0, 0] = 0
    for i, j in np.ndindex(*distance.shape):
        cost[i + 1, j + 1] = distance[i, j] + min(cost[i, j], cost[i, j + 1], cost[i + 1, j])
    return cost[-1, -1] / (len(x) + len(y))


def main(words=100, repeats=5, folder=None):
    rng = np.random.default_rng(0)
    found = [rng.normal(size=(FRAMES, 39)).astype(np.float32) for _ in range(words)]

    def slow():
        return [by_definition(found[0], y) for y in found]

    np.testing.assert_allclose(dtw.costs(found, found)[0], slow(), atol=1e-5)
    size = f"{words**2} pairs of {FRAMES} × {FRAMES} frames"
    compare("dtw", slow, partial(dtw.costs, found, found), share=1 / words, size=size, repeats=repeats, folder=folder)


if __name__ == "__main__":
    main()
