"""The corpus card: is a corpus as hard as real photographs and captions? Its statistics beside those of Flickr8k.

Every function is pure and works on the table of utterances (columns ``utterance_id, image_id, text``). The published
values were measured on the 40,000 captions of Flickr8k and 67 keywords; bounds say what a generated corpus must meet.
"""

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

COLUMNS = ["statistic", "flickr8k", "low", "high"]
CARD = pd.DataFrame(
    [
        ("words in a caption, mean", 10.8, 10.0, 11.5),
        ("words in a caption, standard deviation", 3.8, 3.0, 5.0),
        ("keyword types in an utterance", 1.83, 1.6, 2.0),
        ("utterances without any keyword", 0.17, 0.13, 0.20),
        ("prevalence of the rarest keyword", 0.009, 0.007, 0.012),
        ("prevalence of the median keyword", 0.018, 0.015, 0.025),
        ("prevalence of the most frequent keyword", 0.094, 0.08, 0.11),
        ("another describer of the picture says the keyword too", 0.40, 0.33, 0.45),
        ("Jaccard index of the words of two captions of a picture", 0.25, 0.20, 0.28),
        ("words with at least 10 tokens in 40,000 captions", 1935, 800, np.inf),
        ("pairs of keywords with φ above .1", 36, 25, 50),
        ("mean average precision of the tagger", 0.40, 0.38, 0.48),
        ("keywords that lead their own list of words by mean tag", 0.21, 0.15, 0.35),
        ("keywords ever detected by perfect ears at θ = .5", 0.66, 0.50, 0.80),
    ],
    columns=COLUMNS,
)
CAPTIONS_OF_FLICKR8K = 40_000
TOKENS_OF_A_WORD = 10  # how often a word must occur to count as one of the vocabulary
_STOP_WORDS = """a an the of in on at to and is are with his her its their as by for from up down that while into over
through out off"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def word_matrix(utterances: pd.DataFrame) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Return the words of every utterance, (utterances, vocabulary) counts, and the vocabulary."""
    vectorizer = CountVectorizer(token_pattern=r"\S+", lowercase=False)
    counts = vectorizer.fit_transform(utterances["text"])
    return counts.tocsr(), vectorizer.get_feature_names_out()


def keyword_presence(utterances: pd.DataFrame, keywords: Sequence[str]) -> pd.DataFrame:
    """Return whether each utterance has each keyword: bool, index utterance_id, one column a keyword."""
    said = [set(text.split()) for text in utterances["text"]]
    rows = np.array([[keyword in words for keyword in keywords] for words in said], dtype=bool)
    return pd.DataFrame(
        rows.reshape(len(said), len(keywords)), index=pd.Index(utterances["utterance_id"]), columns=list(keywords)
    )


def words_per_caption(utterances: pd.DataFrame) -> tuple[float, float]:
    """Return mean and standard deviation of the number of words."""
    lengths = np.array([len(text.split()) for text in utterances["text"]])
    return float(lengths.mean()), float(lengths.std())


def agreement(present: pd.DataFrame, images: pd.Series) -> pd.Series:
    """Return, by keyword, the chance that another describer says it too, given that one of the picture's did.

    ``images`` maps utterance_id to image_id. NaN for a keyword that nobody says.
    """
    by_picture = present.groupby(images.reindex(present.index).to_numpy())
    said, describers = by_picture.sum(), by_picture.size().to_numpy()[:, None]
    return (said * (said - 1)).sum() / (said * (describers - 1)).sum().replace(0, np.nan)


def word_overlap(utterances: pd.DataFrame) -> float:
    """Return the mean Jaccard index of the words of two captions of one picture."""
    overlaps = [
        len(one & other) / len(one | other)
        for _, texts in utterances.groupby("image_id")["text"]
        for one, other in combinations([set(text.split()) for text in texts], 2)
    ]
    return float(np.mean(overlaps)) if overlaps else float("nan")


def frequent_words(utterances: pd.DataFrame) -> int:
    """Return how many word types have at least ten tokens."""
    counts, _ = word_matrix(utterances)
    return int((np.asarray(counts.sum(axis=0)) >= TOKENS_OF_A_WORD).sum())


def correlated_pairs(present: pd.DataFrame, above: float = 0.1) -> pd.Series:
    """Return the pairs of keywords whose φ (correlation of presence) exceeds a bound, strongest first."""
    phi = present.astype(float).corr().to_numpy()
    rows, columns = np.triu_indices_from(phi, k=1)
    pairs = pd.MultiIndex.from_arrays([present.columns[rows], present.columns[columns]], names=["keyword", "other"])
    values = pd.Series(phi[rows, columns], index=pairs, name="phi").dropna()
    return values[values > above].sort_values(ascending=False)


def mean_tags(utterances: pd.DataFrame, tags: pd.DataFrame, at_least: int | None = None) -> pd.DataFrame:
    """Return the mean tag of every keyword (column) over the utterances with a word (index): what hearing it promises.

    A keyword whose column is led by another word will be found at that word, before any sound is involved. Words with
    fewer than ``at_least`` utterances (60 in 40,000 where not given, never under 10) and function words are left out.
    """
    at_least = at_least or max(10, round(60 * len(utterances) / CAPTIONS_OF_FLICKR8K))
    counts, vocabulary = word_matrix(utterances)
    having = (counts > 0).astype(np.float64)
    number = np.asarray(having.sum(axis=0)).ravel()
    sums = having.T @ tags.loc[utterances["image_id"]].to_numpy()
    kept = (number >= at_least) & ~np.isin(vocabulary, list(STOP_WORDS))
    return pd.DataFrame(
        sums[kept] / number[kept, None], index=pd.Index(vocabulary[kept], name="word"), columns=tags.columns
    )


def corpus_card(
    utterances: pd.DataFrame,
    keywords: Sequence[str],
    tags: pd.DataFrame | None = None,
    precision: float = math.nan,
    perfect_ears: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the card: columns ``statistic, flickr8k, low, high, ours, met``.

    ``tags``: soft tags, index image_id × keyword, of all pictures of ``utterances``; ``precision``: their mean average
    precision; ``perfect_ears``: scores of a student that reads the words, utterance × keyword. What cannot be computed
    without them, and the size of the vocabulary of a corpus smaller than Flickr8k, is NaN in ``ours`` and <NA> in
    ``met``.
    """
    present = keyword_presence(utterances, keywords)
    images = pd.Series(utterances["image_id"].to_numpy(), index=present.index)
    prevalence = present.mean()
    full_size = len(utterances) >= CAPTIONS_OF_FLICKR8K
    ours = [
        *words_per_caption(utterances),
        present.sum(axis=1).mean(),
        (present.sum(axis=1) == 0).mean(),
        prevalence.min(),
        prevalence.median(),
        prevalence.max(),
        agreement(present, images).mean(),
        word_overlap(utterances),
        frequent_words(utterances[:CAPTIONS_OF_FLICKR8K]) if full_size else np.nan,
        len(correlated_pairs(present)),
        precision,
        np.nan if tags is None else _leading_share(mean_tags(utterances, tags)),
        np.nan if perfect_ears is None else (perfect_ears.max() >= 0.5).mean(),
    ]
    card = CARD.assign(ours=np.asarray(ours, dtype=float))
    met = pd.Series(card["ours"].between(card["low"], card["high"]), dtype="boolean")
    return card.assign(met=met.mask(card["ours"].isna()))


def _leading_share(means: pd.DataFrame) -> float:
    """Return the share of the keywords among the words that lead their own column."""
    own = [keyword for keyword in means.columns if keyword in means.index]
    return float(np.mean([means[keyword].idxmax() == keyword for keyword in own])) if own else float("nan")
