"""Spoken words, cut out by their times: which ones there are, who says a picture's words, and what a network sees.

Words decide what is a content word and which recordings of a word may stand for it, as in the making of the corpus of
Synnaeve et al. (2014); no network is ever told which word a token is.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from vgsnb.seeds import generator
from vgsnb.speech.features import FeatureStore

FRAMES = 71  # of 10 ms
LEAST = 2  # tokens of a word; what occurs once is left out


def content(words: pd.DataFrame, utterances: pd.DataFrame, stop: frozenset[str]) -> pd.DataFrame:
    """The tokens of content words that are said twice or more: ``utterance_id, image_id, speaker, word, start, end``.

    Times are in seconds; ``stop`` are the words that carry no meaning.
    """
    rows = words[words["utterance_id"].isin(utterances["utterance_id"]) & ~words["word"].isin(stop)]
    rows = rows[rows["word"].str.contains(r"[^\W\d_]", regex=True)]
    rows = rows[rows["word"].map(rows["word"].value_counts()) >= LEAST]
    rows = rows.merge(utterances[["utterance_id", "image_id", "speaker"]], on="utterance_id")
    return rows[["utterance_id", "image_id", "speaker", "word", "start", "end"]].reset_index(drop=True)


def by_one_speaker(tokens: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The words of each picture's captions in the voice of one speaker: ``image_id, token``, places in ``tokens``.

    The speaker is one of those who describe the picture, the one who says most of its words anywhere. What this
    speaker did not say in the picture's own captions is taken from elsewhere; words that the speaker never says are
    left out.
    """
    known = _recordings(tokens)
    rows = list[tuple[str, int]]()
    for image_id, own in tokens.groupby("image_id", sort=False):
        rng, words = generator(seed, "speaker", str(image_id)), own["word"].to_numpy()
        speakers = rng.permutation(own["speaker"].unique())
        said = [sum(word in known[speaker] for word in words) for speaker in speakers]
        recorded = known[speakers[int(np.argmax(said))]]
        there = set(own.index)
        for word in words[[word in recorded for word in words]]:
            takes = [take for take in recorded[word] if take in there] or recorded[word]
            rows.append((str(image_id), int(takes[rng.integers(len(takes))])))
    return pd.DataFrame(rows, columns=["image_id", "token"]).drop_duplicates(ignore_index=True)


def _recordings(tokens: pd.DataFrame) -> Mapping[str, Mapping[str, list[int]]]:
    found: dict[str, dict[str, list[int]]] = {}
    for place, (speaker, word) in enumerate(zip(tokens["speaker"], tokens["word"], strict=True)):
        found.setdefault(speaker, {}).setdefault(word, []).append(place)
    return found


def around(store: FeatureStore, tokens: pd.DataFrame, frames: int = FRAMES) -> npt.NDArray[np.float16]:
    """The ``frames`` frames around the middle of each token: (N, frames, D); zeros beyond the utterance's ends."""
    found = np.zeros((len(tokens), frames, store.settings.dimensions), np.float16)
    middles = (tokens["start"] + tokens["end"]).to_numpy() / 2
    for row, name, middle in zip(found, tokens["utterance_id"], middles, strict=True):
        whole = store[name]
        first = round((middle - store.settings.window / 2) / store.settings.shift) - frames // 2
        start, stop = max(0, first), min(len(whole), first + frames)
        row[start - first : stop - first] = whole[start:stop]
    return found
