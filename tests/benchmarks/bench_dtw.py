"""Dynamic time warping: all pairs together against the definition, cell by cell in Python."""

from functools import partial

import numpy as np
from plain_dtw import by_definition
from timing import compare

from vgsnb.speech import dtw

FRAMES = 50


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
