"""What is located instead: the error analysis of Section V-C of Olaleye et al. 2022 and Section 4 of the 2021 paper."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from operator import eq

import numpy as np
import pandas as pd
from scipy import signal, stats

from vgsnb.evaluation.localisation import PAIR, Forms

NO_WORD = "-"  # the place lies in no word
KINDS = ("correct", "outright wrong", "one related word", "several words")
# Confusions that a corpus as hard as Flickr8k shows among the three most located words of a query, and keywords that
# stay right: from Table V of Olaleye et al. 2022 and the statistics of Flickr8k's captions.
EXPECTED: Mapping[str, tuple[str, ...]] = {
    "ocean": ("surfer", "wave"),
    "air": ("snowboarder", "jumping"),
    "ball": ("soccer", "player"),
    "face": ("climbing", "rock"),
    "football": ("player",),
    "swimming": ("pool",),
    "snowy": ("skier",),
    "orange": ("basketball",),
}
ScoreMaps = Mapping[tuple[str, str], tuple[np.ndarray, np.ndarray]]


def words_under(places: pd.DataFrame, words: pd.DataFrame, forms: Forms | None = None) -> pd.Series:
    """The word that each place lies in, ``start <= time <= end``; ``-`` where it lies in none.

    On the border of two words the keyword is taken if it is one of them (as in counting right places), else the first.
    """
    rows = places[[*PAIR, "time"]].reset_index(drop=True).reset_index(names="row")
    pairs = rows.merge(words[["utterance_id", "word", "start", "end"]], on="utterance_id")
    pairs = pairs[(pairs["start"] <= pairs["time"]) & (pairs["time"] <= pairs["end"])]
    wanted = [_is_form(word, key, forms) for word, key in zip(pairs["word"], pairs["keyword"], strict=True)]
    pairs = pairs.assign(other=~np.array(wanted, bool)).sort_values(["row", "other", "start"])
    found = pairs.drop_duplicates("row").set_index("row")["word"].reindex(rows["row"]).fillna(NO_WORD)
    return found.set_axis(places.index).rename("word")


def _is_form(word: str, keyword: str, forms: Forms | None) -> bool:
    return word in forms[keyword] if forms is not None else word == keyword


def best_utterances(scores: pd.DataFrame, top: int = 20) -> pd.DataFrame:
    """The pairs ``utterance_id, keyword, rank`` of each keyword's ``top`` best utterances; equal scores go by id."""
    ordered = scores.sort_index()
    ranks = {key: ordered[key].sort_values(ascending=False, kind="stable").index[:top] for key in scores.columns}
    tables = [
        pd.DataFrame({"utterance_id": ids, "keyword": key, "rank": range(1, len(ids) + 1)})
        for key, ids in ranks.items()
    ]
    return pd.concat(tables, ignore_index=True)


def located_words(
    scores: pd.DataFrame,
    places: pd.DataFrame,
    words: pd.DataFrame,
    top: int = 20,
    most: int = 5,
    forms: Forms | None = None,
) -> pd.DataFrame:
    """Table V of 2022: the ``most`` words most often located for each query: ``keyword, rank, word, count, right``.

    Of each keyword's ``top`` best utterances, whether it is said there or not, the word in which the place lies
    (``-``: none). ``places`` must have the pairs of ``best_utterances``; those it lacks are not counted. Words that
    are located equally often are in alphabetical order.
    """
    best = best_utterances(scores, top).drop(columns="rank").merge(places[[*PAIR, "time"]], on=PAIR)
    best = best.assign(word=words_under(best, words, forms))
    counts = best.groupby(["keyword", "word"]).size().rename("count").reset_index()
    counts = counts.sort_values(["keyword", "count", "word"], ascending=[True, False, True])
    counts = counts.assign(rank=counts.groupby("keyword").cumcount() + 1).query("rank <= @most")
    right = [_is_form(word, key, forms) for word, key in zip(counts["word"], counts["keyword"], strict=True)]
    return counts.assign(right=right)[["keyword", "rank", "word", "count", "right"]].reset_index(drop=True)


def expected_confusions(
    located: pd.DataFrame,
    expected: Mapping[str, Collection[str]] = EXPECTED,
    among: int = 3,
    same: Callable[[str, str], bool] = eq,
) -> pd.DataFrame:
    """Whether each query of ``expected`` is confused as foreseen: ``keyword, expected, located, appears``.

    It is, when one of the expected words is among its ``among`` most located ones in ``located`` (of
    ``located_words``); ``same`` says when two words count as one, by default when they are spelt alike.
    """
    first = located[(located["rank"] <= among) & (located["word"] != NO_WORD)].groupby("keyword")["word"].agg(list)
    rows = [(key, tuple(others), tuple(first.get(key, ()))) for key, others in expected.items()]
    return pd.DataFrame(
        [(key, others, found, any(same(a, b) for a in others for b in found)) for key, others, found in rows],
        columns=["keyword", "expected", "located", "appears"],
    )


def grounding(
    f1: pd.Series, tagging: pd.Series, resamples: int = 1000, seed: int = 0, level: float = 0.95
) -> pd.DataFrame:
    """Figure 6 of 2022: the correlation over keywords of localisation F1 with the tagger's average precision.

    A row each for ``pearson`` and ``spearman``: ``value, low, high, keywords``. Keywords that lack either number are
    left out. The percentile intervals resample the keywords, which are the points of the figure.
    """
    points = pd.concat([f1, tagging], axis=1, join="inner").dropna().to_numpy(float)
    draws = np.random.default_rng(seed).integers(0, len(points), (resamples, len(points)))
    shares = ((1 - level) / 2, (1 + level) / 2)
    rows = {}
    for name, correlation in (("pearson", _pearson), ("spearman", _spearman)):
        low, high = np.nanquantile(correlation(points[draws]), shares)
        rows[name] = {"value": correlation(points[None])[0], "low": low, "high": high, "keywords": len(points)}
    return pd.DataFrame(rows).T.astype({"keywords": int}).rename_axis("correlation")


def _pearson(points: np.ndarray) -> np.ndarray:
    """The correlations (R,) of R sets of points (R, N, 2); NaN where one side does not vary."""
    x, y = np.moveaxis(points - points.mean(axis=1, keepdims=True), 2, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))


def _spearman(points: np.ndarray) -> np.ndarray:
    return _pearson(stats.rankdata(points, axis=1))


def sample_said(present: pd.DataFrame, number: int = 100, seed: int = 0) -> pd.DataFrame:
    """``number`` random utterances that say a keyword, each with one random keyword that it says: pairs to look at.

    The 2021 paper samples 100 test utterances and "a randomly selected keyword among the 67"; that 48 of 100 are
    right shows that the keyword was said.
    """
    rng = np.random.default_rng(seed)
    said = present.sort_index().astype(bool)
    said = said[said.any(axis=1)]
    rows = np.sort(rng.permutation(len(said))[:number])
    keywords = [rng.choice(said.columns[said.iloc[row]]) for row in rows]
    return pd.DataFrame({"utterance_id": said.index[rows], "keyword": keywords})


def peaks(alpha: np.ndarray, times: np.ndarray, share: float = 0.5) -> np.ndarray:
    """The times (P,) of the peaks of a score map α (F,), highest first, so that the first is the place of Eq. 5.

    A peak is a local maximum of at least ``share`` of the highest one, both measured from the map's lowest value; a
    level stretch is one peak, at its middle: so is the best segment's, whose score the map shows around it.
    """
    alpha = np.asarray(alpha, float)
    least = min(alpha.min() + share * (alpha.max() - alpha.min()), alpha.max())
    frames = signal.find_peaks(np.r_[-np.inf, alpha, -np.inf], height=least)[0] - 1
    return np.asarray(times)[frames[np.argsort(-alpha[frames], kind="stable")]]


def kind_of(located: Sequence[str], keyword: str, related: Collection[str], forms: Forms | None = None) -> str:
    """One of ``KINDS`` from the words that lie under a map's peaks, the highest first; by this rule:

    - *several words*: the highest peak is in the keyword or a related word, and there are at least two different
      words of these under the peaks, one of them related ("fires on the target word but also on multiple other words");
    - *correct*: else, the highest peak is in the keyword; lower peaks in unrelated words do not count;
    - *one related word*: else, the highest peak is in a related word;
    - *outright wrong*: all else.
    """
    named = {word for word in located if _is_form(word, keyword, forms) or word in related}
    hit = _is_form(located[0], keyword, forms)
    if located[0] in named and len(named) > 1 and any(not _is_form(word, keyword, forms) for word in named):
        return "several words"
    if hit:
        return "correct"
    return "one related word" if located[0] in named else "outright wrong"


def sort_localisations(
    maps: ScoreMaps,
    words: pd.DataFrame,
    related: Mapping[str, Collection[str]],
    share: float = 0.5,
    forms: Forms | None = None,
) -> pd.DataFrame:
    """Sort localisations into four kinds, as Section 4 of 2021 did by eye: ``utterance_id, keyword, located, kind``.

    ``maps`` gives for a pair (utterance id, keyword) its score map α (F,) and its times (F,) in seconds; ``located``
    are the words under its ``peaks``, and ``kind_of`` says which kind that makes. ``related`` gives for a keyword the
    words that are related to it, by a source of its own.
    """
    tables = [
        pd.DataFrame({"utterance_id": utterance, "keyword": keyword, "time": peaks(*found, share)})
        for (utterance, keyword), found in maps.items()
    ]
    found = pd.concat(tables, ignore_index=True)
    found["located"] = words_under(found, words, forms)
    rows = []
    for utterance, keyword in maps:
        under = found.loc[(found["utterance_id"] == utterance) & (found["keyword"] == keyword), "located"]
        located = tuple(dict.fromkeys(under))
        rows.append((utterance, keyword, located, kind_of(located, keyword, related.get(keyword, ()), forms)))
    return pd.DataFrame(rows, columns=[*PAIR, "located", "kind"])


def shares_of_kinds(table: pd.DataFrame) -> pd.Series:
    """The share of each of ``KINDS`` among sorted localisations, to stand beside the 48, 39, 7 and 6 of 100 of 2021."""
    counts = Counter(table["kind"])
    return pd.Series({kind: counts[kind] / len(table) for kind in KINDS}, name="share").rename_axis("kind")
