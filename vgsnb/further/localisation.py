"""Places by the scores of every frame: of one model or of several, smoothed and contrasted, by a frame head too.

Every keyword's scores in every frame come from one pass through the encoder, where masking needs a thousand. Methods
that mask go on to the room below. ``places`` takes score maps wherever they come from.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch

from vgsnb import devices, localisation
from vgsnb.errors import require_known
from vgsnb.further.models import TwoHeads, frame_scores, parts_of
from vgsnb.further.parts import POOLINGS, concerning
from vgsnb.localisation import COARSE, ROUNDING, SegmentGrid
from vgsnb.models import KeywordModel
from vgsnb.released import localisation as released_localisation
from vgsnb.speech.features import FeatureSettings, FeatureStore
from vgsnb.speech.workers import with_progress

SMOOTHING = 0.3  # seconds
LEAST = 1e-30  # of an attention weight whose logarithm is taken
FloatArray = npt.NDArray[np.float64]
ScoreMap = Callable[[npt.NDArray[np.float32]], FloatArray]  # features (T, D) → scores (W, T)


def methods_for(model: KeywordModel) -> list[str]:
    """The methods that make sense for ``model``, those of its parts among them, in the paper's order."""
    if set(parts_of(model)) & set(POOLINGS):
        return ["score-aggregation"]  # masking knows how to pool by log-mean-exp, attention and maximum alone
    return [*localisation.methods_for(model), *(["frame-head"] if isinstance(model, TwoHeads) else [])]


def own_method(model: KeywordModel) -> str:
    """The method that ``model`` brings with it: that of its frame head, or of its pooling, or Grad-CAM."""
    if isinstance(model, TwoHeads):
        return "frame-head"
    return "score-aggregation" if set(parts_of(model)) & set(POOLINGS) else localisation.own_method(model)


def localise(
    model: KeywordModel,
    store: FeatureStore,
    pairs: pd.DataFrame,
    method: str,
    grid: SegmentGrid = COARSE,
    *,
    parts: Sequence[str] = (),
    smoothing: float = SMOOTHING,
    others: Sequence[KeywordModel] = (),
    device: str | None = None,
    precision: str = "float32",
    **settings: Any,
) -> pd.DataFrame:
    """As ``vgsnb.released.localisation.localise``, with ``parts`` and those that ``model`` was built with.

    ``smoothing`` is the span in seconds over which ``smoothed`` averages, ``others`` the models whose score maps are
    averaged with those of ``model`` by ``ensemble``. ``settings`` (``departures``, say) are those of the room below.
    """
    if not _by_frames(model, parts, method):
        return released_localisation.localise(
            model, store, pairs, method, grid, device=device, precision=precision, **settings
        )
    require_known(f"localisation method of {model.name}", method, methods_for(model))
    networks = [model, *(others if "ensemble" in parts else ())]
    for network in networks:
        network.to(devices.find_device(device)).eval()

    def scores(utterance: npt.NDArray[np.float32]) -> FloatArray:
        return maps(networks, utterance, method, store.settings, parts, smoothing, precision)

    span = smoothing if "smoothed" in concerning(parts, "places") else store.settings.shift
    return places(scores, store, pairs, model.keywords, span, f"Localising by {method}")


def score_map(
    model: KeywordModel,
    features: npt.ArrayLike,
    keywords: Sequence[str],
    method: str,
    settings: FeatureSettings,
    grid: SegmentGrid = COARSE,
    precision: str = "float32",
    *,
    parts: Sequence[str] = (),
    smoothing: float = SMOOTHING,
    others: Sequence[KeywordModel] = (),
    departures: Sequence[str] = (),
) -> tuple[FloatArray, FloatArray]:
    """As ``vgsnb.released.localisation.score_map``, with the parts that change the scores over time."""
    utterance = np.asarray(features, dtype=np.float32)
    if not _by_frames(model, parts, method):
        return released_localisation.score_map(
            model, utterance, keywords, method, settings, grid, precision, departures
        )
    require_known(f"localisation method of {model.name}", method, methods_for(model))
    for keyword in keywords:
        require_known("keyword of this model", keyword, model.keywords)
    networks = [model.eval(), *(others if "ensemble" in parts else ())]
    found = maps(networks, utterance, method, settings, parts, smoothing, precision)
    return found[[model.keywords.index(word) for word in keywords]], settings.frame_times(found.shape[1])


def _by_frames(model: KeywordModel, parts: Sequence[str], method: str) -> bool:
    """Whether the frame scores of this room are asked for, and not a method of the rooms below as it is."""
    own = method == "frame-head" or bool(set(parts_of(model)) & set(POOLINGS))
    return own or bool(concerning(parts, "places", architecture=model.name, method=method))


def maps(
    models: Sequence[KeywordModel],
    utterance: npt.NDArray[np.float32],
    method: str,
    settings: FeatureSettings,
    parts: Sequence[str] = (),
    smoothing: float = SMOOTHING,
    precision: str = "float32",
) -> FloatArray:
    """The scores (W, T) of all keywords in an ``utterance`` (T, D), the mean over ``models``, with ``parts``.

    Attention's weights, or their logarithm when they are contrasted; the logits of score aggregation and of a frame
    head.
    """
    names = concerning(parts, "places", method=method)
    contrasting = "contrasted" in names
    found = [_frame_scores(model, utterance, method, precision) for model in models]
    if contrasting and method == "attention":
        found = [np.log(np.maximum(scores, LEAST)) for scores in found]
    scores = np.mean(found, axis=0)
    scores = contrasted(scores) if contrasting else scores
    return smoothed(scores, round(smoothing / settings.shift)) if "smoothed" in names else scores


@torch.no_grad()
def _frame_scores(model: KeywordModel, utterance: npt.NDArray[np.float32], method: str, precision: str) -> FloatArray:
    place = next(model.parameters()).device
    features, length = torch.from_numpy(utterance)[None].to(place), torch.tensor([len(utterance)], device=place)
    with devices.autocast(place, precision):
        h, frames = model.encoder(features, length)
        return frame_scores(model, h, frames, method)[0].double().cpu().numpy()


def contrasted(scores: FloatArray) -> FloatArray:
    """``scores`` (W, T), logits, without what a frame scores for all keywords in the mean."""
    return scores - scores.mean(axis=0)


def smoothed(scores: npt.NDArray[np.floating], frames: int) -> FloatArray:
    """The mean of ``scores`` (W, T) over ``frames`` frames around each, an odd number of them; fewer at both ends."""
    reach, length = frames // 2, scores.shape[1]
    sums = np.concatenate([np.zeros((len(scores), 1)), np.cumsum(scores, axis=1)], axis=1)
    first, last = np.arange(length) - reach, np.arange(length) + reach + 1
    first, last = first.clip(0), last.clip(max=length)
    return (sums[:, last] - sums[:, first]) / (last - first)


def peak(scores: FloatArray) -> int:
    """The highest of ``scores`` (T,); of equals, up to rounding, the middle one as in ``vgsnb.localisation``."""
    ties = np.flatnonzero(scores >= scores.max() - ROUNDING * np.abs(scores).max())
    return int(ties[len(ties) // 2])


def places(
    scores: ScoreMap, store: FeatureStore, pairs: pd.DataFrame, keywords: Sequence[str], span: float, label: str
) -> pd.DataFrame:
    """Where ``scores`` of an utterance's features, (T, D) → (keywords, T), are highest for each of ``pairs``.

    The columns and order of rows are those of ``vgsnb.localisation.localise``; ``start`` and ``end`` are ``span``
    seconds apart around ``time``, within the utterance. Any map will do: this is where other localisers plug in.
    """
    pairs = pairs[localisation.COLUMNS[:2]].reset_index(drop=True)
    for word in pairs["keyword"].unique():
        require_known("keyword of this model", word, keywords)
    table, number = np.zeros((len(pairs), 4)), {word: row for row, word in enumerate(keywords)}
    groups = pairs.groupby("utterance_id", sort=False)["keyword"]
    for key, words in with_progress(groups, groups.ngroups, f"{label}, utterances"):
        found = scores(store[str(key)])
        times = store.frame_times(found.shape[1])
        ends = store.settings.shift * np.array([-0.5, 0.5]) + times[[0, -1]]
        for row, word in zip(words.index.tolist(), words, strict=True):
            values = found[number[word]]
            best = peak(values)
            start, end = (times[best] + np.array([-span, span]) / 2).clip(*ends)
            table[row] = values[best], times[best], start, end
    return pairs.assign(**dict(zip(localisation.COLUMNS[2:], table.T, strict=True)))
