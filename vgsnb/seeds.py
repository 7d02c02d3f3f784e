"""Random numbers that depend on what they are for, never on the order in which they are drawn."""

import hashlib

import numpy as np


def generator(*names: str | int) -> np.random.Generator:
    """A generator that is a function of ``names`` alone, say ``generator(seed, "voice", utterance_id)``."""
    digest = hashlib.sha256("\n".join(map(str, names)).encode()).digest()
    return np.random.default_rng(np.random.SeedSequence(list(digest)))
