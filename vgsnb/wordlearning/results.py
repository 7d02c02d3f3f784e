"""The tables of learning words from co-occurrence: ranks and recalls, which words were learned, and a map of both."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from PIL import Image

from vgsnb import steps
from vgsnb.evaluation import intervals
from vgsnb.evaluation.intervals import Values
from vgsnb.evaluation.retrieval import rank_measures
from vgsnb.report.neighbours import Shown
from vgsnb.seeds import generator
from vgsnb.settings import Settings
from vgsnb.summary import Row, with_bounds
from vgsnb.wordlearning import fragments, tasks, trials
from vgsnb.wordlearning.tasks import Space
from vgsnb.wordlearning.trials import RANDOM, TRAINED

RANKS = ("median_rank", "mean_rank")
OWN = "this preset's"


def retrieval(settings: Settings, name: str = "") -> pd.DataFrame:
    """Ranks and recalls of each task on the test pictures, of trained networks and of random projections.

    ``task, model, median_rank, mean_rank, r1, r5, r10, r25`` with bounds, ``chance_rank`` of answers in random order,
    how many ``queries`` there are and how large the ``pool`` is; means over ``seeds``. Intervals resample pictures.
    """
    seeds = settings["words"]["seeds"]
    found = {
        TRAINED: [trials.space(settings, seed, name) for seed in seeds],
        RANDOM: [trials.projected(settings, seed) for seed in seeds],
    }
    return pd.DataFrame(
        _row(settings, task, model, spaces) for task in (*tasks.TASKS, tasks.ACROSS) for model, spaces in found.items()
    )


def ways(settings: Settings, own: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """``retrieval`` of trained networks for each of the compared ways, with ``way`` and ``seconds`` of training.

    ``own``, that of the preset's way, comes first, the random projection last; ``seconds`` are of the first seed.
    A way may say its own ``seeds``.
    """
    rows = [own[own["model"] == TRAINED].assign(way=OWN, seconds=_seconds(settings, ""))]
    for name in names:
        seeds = settings["words"]["ways"][name].get("seeds", settings["words"]["seeds"])
        spaces = [trials.space(settings, seed, name) for seed in seeds]
        found = pd.DataFrame(_row(settings, task, TRAINED, spaces) for task in (*tasks.TASKS, tasks.ACROSS))
        rows.append(found.assign(way=name, seconds=_seconds(settings, name)))
    projected = own[own["model"] == RANDOM].assign(way="random projection", seconds=np.nan)
    return pd.concat([*rows, projected], ignore_index=True)


def _seconds(settings: Settings, name: str) -> float:
    history = pd.read_csv(trials.trained(settings, settings["words"]["seeds"][0], name) / "history.csv")
    return float(history["seconds"].sum())


def _row(settings: Settings, task: str, model: str, spaces: Sequence[Space]) -> Row:
    ranks = [tasks.ranks(space, task) for space in spaces]
    about = {"task": task, "model": model, "seeds": len(spaces), "queries": int(ranks[0]["rank"].notna().sum())}
    about |= {"pool": tasks.pool(spaces[0], task), "chance_rank": float(ranks[0]["chance"].mean())}
    measures = _measured(settings, ranks)
    are_ranks = measures[0].index.isin(RANKS)
    limits = [pd.Series(np.where(are_ranks, *both), measures[0].index) for both in ((1.0, 0.0), (np.inf, 1.0))]
    return about | with_bounds(*measures, *limits)


def _measured(settings: Settings, ranks: Sequence[pd.DataFrame]) -> tuple[pd.Series, pd.DataFrame]:
    """The mean over models of each measure, and the same in every resample of the pictures."""
    numbers = settings["evaluation"]

    def measure(weights: pd.DataFrame) -> Values:
        found = [pd.DataFrame(rank_measures(own["rank"], weights)) for own in ranks]
        mean = sum(found[1:], found[0]) / len(found)
        return {str(name): mean[name].to_numpy() for name in mean}

    return intervals.measured(measure, ranks[0]["picture"], numbers["resamples"], numbers["seed"])


def by_word(settings: Settings, name: str = "") -> pd.DataFrame:
    """How well each word's tokens find the test pictures that it describes: ``word, train_tokens, test_tokens,
    average_precision, chance``, the mean over seeds; chance is the share of pictures that it describes.

    A token is as near to a picture as to the nearest of its regions; a word is the mean of its tokens' likeness.
    """  # fmt: skip
    seeds = settings["words"]["seeds"]
    found = [tasks.word_precisions(trials.space(settings, seed, name)) for seed in seeds]
    table = pd.concat(found).groupby("word").mean()
    table.insert(0, "train_tokens", trials.heard_in_training(settings).reindex(table.index).fillna(0).astype(int))
    return table.sort_values("average_precision", ascending=False).reset_index()


def together(space: Space, regions: pd.DataFrame, most: int = 40, seed: int = 1) -> pd.DataFrame:
    """Words and the figures that regions were drawn around on one map: ``kind, name, count, x, y``.

    The ``most`` common of each, the mean of their unit vectors, in two dimensions by t-SNE of cosines.
    """
    from sklearn.manifold import TSNE

    parts = {"word": (space.words, space.tokens["word"]), "figure": (space.regions, regions["figure"])}
    rows, vectors = list[dict[str, object]](), list[np.ndarray]()
    for kind, (points, names) in parts.items():
        counts = names[names != ""].value_counts().head(most)
        for name, count in counts.items():
            rows.append({"kind": kind, "name": name, "count": int(count)})
            vectors.append(points[(names == name).to_numpy()].mean(axis=0))
    places = TSNE(metric="cosine", init="random", perplexity=min(15, len(rows) - 1), random_state=seed)
    return pd.DataFrame(rows).assign(**dict(zip("xy", places.fit_transform(np.stack(vectors)).T, strict=True)))


def nearest(settings: Settings, space: Space, words: Sequence[str], most: int = 8) -> list[tuple[Shown, list[Shown]]]:
    """A random test token of each word, to hear, and the regions nearest to it, to see, one of a picture at most.

    Right is what is of a picture that any caption describes by the word.
    """
    data, corpus = trials.split(settings, "test"), steps.corpus(settings)
    regions = np.ascontiguousarray(space.regions.reshape(*space.seen.shape[:2], -1))
    rows = list[tuple[Shown, list[Shown]]]()
    for word in words:
        known = np.flatnonzero(space.tokens["word"] == word)
        token = int(generator(1, "token of", word).choice(known))
        likeness = regions @ space.words[token]  # (P, F)
        boxes = likeness.argmax(axis=1) + np.arange(len(likeness)) * likeness.shape[1]
        best = np.argsort(-likeness.max(axis=1), kind="stable")[:most]
        found = [
            Shown(
                f"{likeness[place].max():.2f}",
                fragments.cut(corpus.shown(data.images[place]), data.regions.iloc[boxes[place]]),
                right=bool(space.type_describes[token, place]),
            )
            for place in best
        ]
        rows.append((spoken(settings, space, token), found))
    return rows


def spoken(settings: Settings, space: Space, token: int) -> Shown:
    """A token to hear."""
    row = space.tokens.iloc[token]
    samples, rate = steps.corpus(settings).audio(row["utterance_id"])
    first, last = (round(row[name] * rate) for name in ("start", "end"))
    return Shown(f"“{row['word']}”, voice {row['speaker']}", sound=(samples[max(0, first) : last], rate))


def described(settings: Settings, count: int) -> list[tuple[Image.Image, pd.DataFrame]]:
    """Some training pictures with their regions, as ``report.spaces.regions`` shows them."""
    data, corpus = trials.split(settings, "train"), steps.corpus(settings)
    return [(corpus.shown(name), data.regions[data.regions["image_id"] == name]) for name in data.images[:count]]
