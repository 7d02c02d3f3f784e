"""What is asked of a space of regions and words: the four searches of Synnaeve et al. (2014), and one across speakers.

A query's rank is that of the first right answer. Right are, as in the paper's released code, the tokens and regions of
the query's own picture; of the search by type any token of a word that describes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from vgsnb.evaluation.retrieval import chance_ranks, first_ranks
from vgsnb.evaluation.spotting import average_precision

FloatArray = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
TASKS = ("word-similarity", "word-token-by-image", "word-type-by-image", "image-token-by-word")
ACROSS = "word-similarity-across-speakers"
BLOCK = 1000  # queries whose similarities are in memory at a time


@dataclass(frozen=True)
class Space:
    """Regions and words in one space, or each in its own: ``seen`` (P, F, E), ``heard`` (N, E).

    ``tokens`` is a table, a row a token, with ``word, speaker``; ``said`` (M, 2) which picture each describes, and
    ``captions`` (``picture, word``) every word of the captions, recorded by the picture's speaker or not.
    """

    seen: FloatArray
    heard: FloatArray
    tokens: pd.DataFrame
    said: npt.NDArray[np.int64]
    captions: pd.DataFrame

    @cached_property
    def regions(self) -> FloatArray:
        """Unit vectors (P · F, E)."""
        return _unit(self.seen.reshape(-1, self.seen.shape[-1]))

    @cached_property
    def words(self) -> FloatArray:
        """Unit vectors (N, E)."""
        return _unit(self.heard)

    @cached_property
    def describes(self) -> sparse.csr_matrix:
        """Whether each token describes each picture (N, P)."""
        ones = np.ones(len(self.said), bool)
        return sparse.csr_matrix((ones, (self.said[:, 1], self.said[:, 0])), (len(self.heard), len(self.seen)))

    @cached_property
    def type_describes(self) -> Mask:
        """Whether the captions of each picture say the word of each token (N, P)."""
        codes, words = pd.factorize(self.tokens["word"])
        known = words.get_indexer(pd.Index(self.captions["word"]))
        types = np.zeros((len(words), len(self.seen)), bool)
        types[known[known >= 0], self.captions["picture"].to_numpy()[known >= 0]] = True
        return types[codes]


def _unit(vectors: FloatArray) -> FloatArray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def ranks(space: Space, task: str) -> pd.DataFrame:
    """The queries of one task: ``picture, rank, chance``; the picture is the one that a query describes or shows.

    Chance is the mean rank in random order.
    """
    regions = space.seen.shape[1]
    by_image = task in ("word-token-by-image", "word-type-by-image")
    queries, answers = (space.regions, space.words) if by_image else (space.words, space.words)
    answers = space.regions if task == "image-token-by-word" else answers
    found = []
    for first in range(0, len(queries), BLOCK):
        rows = np.arange(first, min(first + BLOCK, len(queries)))
        relevant, ranked = _answers(space, task, rows)
        found.append([first_ranks(queries[rows] @ answers.T, relevant, ranked), chance_ranks(relevant, ranked)])
    rank, chance = np.concatenate(found, axis=1)
    own = np.arange(len(queries)) // regions if by_image else _first_pictures(space)
    return pd.DataFrame({"picture": own, "rank": rank, "chance": chance})


def _first_pictures(space: Space) -> npt.NDArray[np.int64]:
    return np.asarray(space.describes.argmax(axis=1)).ravel()


def _answers(space: Space, task: str, rows: npt.NDArray[np.int64]) -> tuple[Mask, Mask | None]:
    """What is right (Q, ·) for the queries ``rows``, and what takes part, None for everything."""
    regions = space.seen.shape[1]
    if task == "word-token-by-image":
        return np.asarray(space.describes.T.tocsr()[rows // regions].todense()), None
    if task == "word-type-by-image":
        return space.type_describes.T[rows // regions], None
    if task == "image-token-by-word":
        return np.repeat(np.asarray(space.describes[rows].todense()), regions, axis=1), None
    if task == ACROSS:
        speakers = space.tokens["speaker"].to_numpy()
        right = space.describes[rows].astype(np.float32) @ space.type_describes.T.astype(np.float32) > 0
        return np.asarray(right), speakers[rows][:, None] != speakers
    together = np.asarray((space.describes[rows] @ space.describes.T).astype(bool).todense())
    return together, rows[:, None] != np.arange(len(space.heard))


def pool(space: Space, task: str) -> int:
    """How many tokens or regions a query's rank is out of; across speakers the mean over queries."""
    if task == "image-token-by-word":
        return len(space.regions)
    own = space.tokens["speaker"].value_counts().loc[space.tokens["speaker"]].mean()
    return len(space.heard) - {"word-similarity": 1, ACROSS: round(own)}.get(task, 0)


def word_precisions(space: Space) -> pd.DataFrame:
    """How well each word finds the pictures that it describes: ``word, test_tokens, average_precision, chance``.

    A token is as near to a picture as to the nearest of its regions; a word is the mean of its tokens' likeness; chance
    is the share of pictures that it describes.
    """
    words = space.tokens["word"]
    likeness = pd.DataFrame(near_pictures(space)).groupby(words.to_numpy()).mean().T  # picture × word
    truth = pd.DataFrame(space.type_describes).groupby(words.to_numpy()).any().T
    precision = average_precision(likeness, truth)
    counts = words.value_counts().reindex(likeness.columns)
    found = {"test_tokens": counts, "average_precision": precision, "chance": truth.mean()}
    return pd.DataFrame(found).rename_axis("word").reset_index()


def near_pictures(space: Space) -> np.ndarray:
    """How like each token (N,) is to each picture (P,): the cosine to the region that is most like it, (N, P)."""
    count, regions = space.seen.shape[:2]
    return (space.words @ space.regions.T).reshape(-1, count, regions).max(axis=2)


def by_frequency(table: pd.DataFrame, edges: Iterable[int] = (0, 10, 30, 100, 300, 1000)) -> pd.DataFrame:
    """Precisions in classes of how often a word was heard in training: ``from, words, average_precision, chance``."""
    starts = [*edges]
    classes = pd.cut(table["train_tokens"], [*starts, np.inf], right=False, labels=starts)
    grouped = table.groupby(classes, observed=True)
    found = grouped[["average_precision", "chance"]].mean().assign(words=grouped.size())
    return found.rename_axis("from").reset_index()


def random_projection(values: FloatArray, dimensions: int, rng: np.random.Generator) -> FloatArray:
    """``values`` (N, D) times a random matrix (D, ``dimensions``): what the inputs alone say of each other."""
    return (values @ rng.standard_normal((values.shape[1], dimensions), np.float32)).astype(np.float32)
