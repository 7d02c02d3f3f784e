"""The tables of the joint space: who finds whom, and keywords that are asked for by examples."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image
from scipy.stats import hypergeom

from vgsnb import evaluation, steps
from vgsnb.corpora import Corpus
from vgsnb.evaluation import intervals
from vgsnb.evaluation.intervals import Values
from vgsnb.evaluation.retrieval import first_ranks, rank_measures
from vgsnb.jointspace import trials
from vgsnb.jointspace.training import hear
from vgsnb.report.neighbours import Shown
from vgsnb.settings import Settings
from vgsnb.summary import Row, leading, with_bounds, with_intervals

DIRECTIONS = ("speech-to-image", "image-to-speech")
RECALLS = (1, 5, 10)
OWN, WRITTEN = "this preset's", "written word"
FloatArray = npt.NDArray[np.floating]
Neighbours = tuple[Shown, list[Shown]]
QUERIES = {"picture": trials.shown, "tagged picture": trials.tagged, "recording": trials.spoken}


def retrieval(settings: Settings, name: str = "") -> pd.DataFrame:
    """Captions that find their pictures and pictures that find a caption: the mean over seeds.

    ``direction, r1, r5, r10, median_rank`` with bounds over pictures, ``chance_r10``, how many ``queries`` there are
    and how large the ``pool`` is.
    """
    seeds, rows = settings["joint"]["seeds"], list[Row]()
    found = [trials.likeness(settings, seed, name) for seed in seeds]
    for direction in DIRECTIONS:
        ranks = [_ranks(*each, direction) for each in found]
        own = found[0][1].to_numpy()[:, None] == np.array(found[0][2])
        relevant = own if direction == DIRECTIONS[0] else own.T
        about = {"direction": direction, "seeds": len(seeds), "queries": len(relevant), "pool": relevant.shape[1]}
        rows.append(about | {"chance_r10": chance_recall(relevant, 10)} | _measured(settings, ranks))
    return pd.DataFrame(rows)


def ways(settings: Settings, names: Sequence[str]) -> pd.DataFrame:
    """``retrieval`` for the preset's own training and for each of the compared ones, with ``way``."""
    return pd.concat([retrieval(settings, name).assign(way=name or OWN) for name in ("", *names)], ignore_index=True)


def _ranks(likeness: np.ndarray, images: pd.Series, pictures: list[str], direction: str) -> pd.DataFrame:
    own = images.to_numpy()[:, None] == np.array(pictures)
    if direction == DIRECTIONS[0]:
        return pd.DataFrame({"picture": images, "rank": first_ranks(likeness, own)})
    return pd.DataFrame({"picture": pictures, "rank": first_ranks(likeness.T, own.T)}, index=pictures)


def chance_recall(relevant: np.ndarray, reach: int) -> float:
    """How often one of the first ``reach`` of N is right in random order, ``relevant`` (Q, N) being right."""
    return float((1 - hypergeom.pmf(0, relevant.shape[1], relevant.sum(axis=1), reach)).mean())


def _measured(settings: Settings, ranks: list[pd.DataFrame]) -> Row:
    numbers = settings["evaluation"]

    def measure(weights: pd.DataFrame) -> Values:
        found = [pd.DataFrame(rank_measures(own["rank"], weights, RECALLS)) for own in ranks]
        mean = (sum(found[1:], found[0]) / len(found)).drop(columns="mean_rank")
        return {str(name): mean[name].to_numpy() for name in mean}

    value, values = intervals.measured(measure, ranks[0]["picture"], numbers["resamples"], numbers["seed"])
    are_ranks = value.index == "median_rank"
    limits = [pd.Series(np.where(are_ranks, *both), value.index) for both in ((1.0, 0.0), (np.inf, 1.0))]
    return with_bounds(value, values, *limits)


def asked_by_example(settings: Settings, counts: Sequence[int]) -> pd.DataFrame:
    """Keyword spotting in the test captions where a query is a picture of the thing, or a recording of the word.

    ``query, examples, seed`` and the measures of spotting with bounds; below them the model that was trained with tags
    and is asked by a written word, and chance. Text judges; it chooses the examples too, but for tagged pictures, which
    the tagger chooses.
    """
    present, rows = steps.bag_of_words(settings, "test"), list[Row]()
    for seed in settings["joint"]["seeds"]:
        heard = hear(trials.model(settings, seed), trials.store(settings), present.index.tolist())
        for query, find in QUERIES.items():
            for count in counts:
                vectors = np.stack([find(settings, seed, word, count) for word in present.columns])
                scores = pd.DataFrame(heard @ vectors.T, present.index, present.columns)
                rows.append({"query": query, "examples": count, "seed": seed} | _spotted(settings, scores, present))
    for name, scores in _others(settings, present).items():
        rows.append(
            {"query": name, "examples": 0, "seed": settings["systems"]["seeds"][0]}
            | _spotted(settings, scores, present)
        )
    return pd.DataFrame(rows)


def _others(settings: Settings, present: pd.DataFrame) -> dict[str, pd.DataFrame]:
    architecture, seed = leading(settings), settings["systems"]["seeds"][0]
    tagged = steps.scores(settings, architecture, "VGS", seed, "test")
    return {f"{WRITTEN}, {architecture} VGS": tagged, "chance": present * 0.0}


def _spotted(settings: Settings, scores: pd.DataFrame, present: pd.DataFrame) -> Row:
    found = scores.loc[present.index, present.columns]
    return with_intervals(settings, lambda weights: evaluation.spotting(found, present, weights))


def pictures_found(settings: Settings, seed: int, captions: Sequence[str], most: int = 6) -> list[Neighbours]:
    """Captions of the pool, to hear, and the pictures nearest to each."""
    likeness, images, pictures = trials.likeness(settings, seed)
    corpus, rows = steps.corpus(trials.pool(settings)), list[Neighbours]()
    for caption in captions:
        near = likeness[images.index.get_loc(caption)]
        best = np.argsort(-near, kind="stable")[:most]
        right = [pictures[place] == images[caption] for place in best]
        shown = [
            Shown(f"{near[place]:.2f}", corpus.shown(pictures[place]), right=own)
            for place, own in zip(best, right, strict=True)
        ]
        rows.append((_caption(corpus, caption), shown))
    return rows


def captions_found(settings: Settings, seed: int, chosen: Sequence[str], most: int = 4) -> list[Neighbours]:
    """Pictures of the pool and the captions nearest to each, to hear."""
    likeness, images, pictures = trials.likeness(settings, seed)
    corpus, rows = steps.corpus(trials.pool(settings)), list[Neighbours]()
    for name in chosen:
        best = images.index[np.argsort(-likeness[:, pictures.index(name)], kind="stable")[:most]]
        found = [_caption(corpus, caption)._replace(right=images[caption] == name) for caption in best]
        rows.append((Shown(name, corpus.shown(name)), found))
    return rows


def _caption(corpus: Corpus, utterance_id: str) -> Shown:
    row = corpus.utterances.set_index("utterance_id").loc[utterance_id]
    return Shown(str(row["text"]), sound=corpus.audio(utterance_id))


def match(settings: Settings, seed: int, utterance_id: str) -> tuple[FloatArray, FloatArray, Image.Image, pd.DataFrame]:
    """The matchmap (T, H, W) of a test caption and its picture, the times (T,) in seconds, the picture, the words."""
    values, times = trials.match(settings, seed, utterance_id)
    corpus = steps.corpus(trials.pool(settings))
    words = corpus.words[corpus.words["utterance_id"] == utterance_id]
    image = steps.utterances(trials.pool(settings), "test").set_index("utterance_id").loc[utterance_id, "image_id"]
    return values, times, corpus.shown(str(image)), words
