"""Spoken and handwritten digits that need no download: synthesised voices, and the digits that scikit-learn carries.

Spoken classes are eleven words, "oh" and "zero" apart, as in TIDigits; pictures have ten classes.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from vgsnb.oneshot.tokens import Pictures, Spoken
from vgsnb.speech.synthesis import RATE, Request, Voice, make_voices, speak_all

FloatArray = npt.NDArray[np.float32]
NUMBERED = ("oh zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
DIGITS = {word: digit for digit, words in enumerate(NUMBERED) for word in words.split()}
AROUND = 0.03  # seconds of sound that are kept on either side of a word
APART = 1000  # what is added to the seed of the voices
INK = 16  # the darkest value of a pixel of scikit-learn's digits


def synthesised(voices: int, takes: int, seed: int) -> Spoken:
    """Every word of ``DIGITS`` in ``takes`` takes by each of ``voices`` voices, each in a room and noise of its own."""
    requests = [
        Request(f"{voice.name}-{word}-{take}", word, voice, seed=seed)
        for voice in voices_of_tests(voices, seed)
        for word in DIGITS
        for take in range(takes)
    ]
    sounds = [
        cut(spoken.samples, RATE, spoken.words["start"].iloc[0], spoken.words["end"].iloc[0])
        for spoken in speak_all(requests)
    ]
    rows = [(request.utterance_id, request.text, DIGITS[request.text], request.voice.name) for request in requests]
    return Spoken(pd.DataFrame(rows, columns=["token_id", "word", "digit", "speaker"]), sounds, RATE)


def voices_of_tests(count: int, seed: int) -> list[Voice]:
    """Voices that are spread as those of the corpora are, and are others than theirs of any seed below ``APART``."""
    return make_voices(count, APART + seed)


def cut(samples: FloatArray, rate: int, start: float, end: float) -> FloatArray:
    """The sound of one word, from ``start`` to ``end`` in seconds, with ``AROUND`` on either side."""
    return samples[max(0, round((start - AROUND) * rate)) : round((end + AROUND) * rate)]


def handwritten() -> Pictures:
    """The 1,797 handwritten digits of scikit-learn, 8 × 8 pixels."""
    from sklearn.datasets import load_digits

    found = load_digits()
    return Pictures(pd.DataFrame({"digit": found.target}), (found.images / INK).astype(np.float32))
