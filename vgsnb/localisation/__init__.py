"""Where a keyword is said: five methods behind one call (section III-B of Olaleye et al. 2022).

Each method gives localisation scores α for a keyword over time, and the place is where they are highest (Eq. 5).
Where the highest scores are equal (up to the rounding of float32, so that no place hangs on the order of a sum) the
middle one of them is taken: a plateau is located at its middle.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from vgsnb import devices
from vgsnb.errors import UserError, require_known
from vgsnb.localisation import attention, grad_cam, masking, score_aggregation
from vgsnb.localisation.masking import COARSE, RELEASED, SegmentGrid
from vgsnb.models import KeywordModel
from vgsnb.models.pooling import Attention, LogMeanExp
from vgsnb.speech.features import FeatureSettings, FeatureStore
from vgsnb.speech.workers import in_chunks, with_progress

__all__ = ["COARSE", "METHODS", "RELEASED", "SegmentGrid", "localise", "methods_for", "own_method", "score_map"]

FloatArray = npt.NDArray[np.float64]
FrameScores = Callable[[KeywordModel, Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]
ROUNDING = 1e-5  # of the largest score: less than this is no difference
COLUMNS = ["utterance_id", "keyword", "score", "time", "start", "end"]


@dataclass(frozen=True)
class Method:
    """A localisation method: scores for each encoded frame, or for each masked segment (kept or zeroed)."""

    frames: FrameScores | None = None
    keep: bool = True
    pooling: type[nn.Module] = nn.Module  # what a model must pool with


METHODS = {
    "score-aggregation": Method(score_aggregation.alpha, pooling=LogMeanExp),
    "grad-cam": Method(grad_cam.alpha),
    "attention": Method(attention.alpha, pooling=Attention),
    "masked-in": Method(keep=True),
    "masked-out": Method(keep=False),
}


def methods_for(model: KeywordModel) -> list[str]:
    """The methods that make sense for ``model``, in the paper's order.

    Grad-CAM and masking work with every model; score aggregation needs a last layer with a channel for each keyword
    under log-mean-exp, attention needs an attention layer.
    """
    return [name for name, method in METHODS.items() if isinstance(model.pooling, method.pooling)]


def own_method(model: KeywordModel) -> str:
    """The method that ``model`` brings with it, as in Olaleye and Kamper (2021): that of its pooling, or Grad-CAM."""
    known = methods_for(model)
    return next((name for name in known if METHODS[name].pooling is not nn.Module), "grad-cam")


@dataclass(frozen=True)
class _Scores:
    """Localisation scores of several keywords of one utterance.

    α (P, F), and for each of F frames or segments the first and the last input frame (maybe fractions) that it stands
    for. ``order`` (P, F) grows with α, also where α itself no longer does (a σ that is 1, a ReLU that is 0).
    """

    alpha: FloatArray
    order: FloatArray
    first: FloatArray
    last: FloatArray

    def places(self, settings: FeatureSettings) -> FloatArray:
        """Score, time, start and end (P, 4) of each keyword's highest α, the times in seconds."""
        best = np.array([_peak(row) for row in self.order])
        score = self.alpha[np.arange(len(best)), best]
        return np.stack([score, *(edge[best] for edge in self.spans(settings))], axis=1)

    def spans(self, settings: FeatureSettings) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Middle, start and end in seconds; a frame stands for one shift around its window's centre."""
        start = settings.window / 2 + (self.first - 0.5) * settings.shift
        end = settings.window / 2 + (self.last + 0.5) * settings.shift
        return (start + end) / 2, start, end


def _peak(order: FloatArray) -> int:
    ties = np.flatnonzero(order >= order.max() - ROUNDING * np.abs(order).max())
    return int(ties[len(ties) // 2])


def localise(
    model: KeywordModel,
    store: FeatureStore,
    pairs: pd.DataFrame,
    method: str,
    grid: SegmentGrid = COARSE,
    *,
    device: str | None = None,
    precision: str = "float32",
    batch_size: int = 32,
    memory: int = masking.MEMORY,
) -> pd.DataFrame:
    """Where each of ``pairs`` (``utterance_id, keyword``) is said: these columns and ``score, time, start, end``.

    ``score`` is the highest α, ``time`` (seconds) the middle of its frame or segment, from ``start`` to ``end``. Rows
    stay in the order of ``pairs``. Only the keywords asked for are scored. ``grid`` says which segments are masked;
    ``batch_size`` utterances are encoded together, and ``memory`` bytes bound the arrays of masking. In ``precision``
    the encoder is computed. A progress line goes to the standard error stream every ten seconds.

    Raises:
        UserError: an unknown method or keyword, a method that does not fit the model, an utterance without features
            or shorter than every segment.
    """
    _check(model, pairs["keyword"].unique(), method)
    place = devices.find_device(device)
    model.to(place).eval()
    groups = pairs.reset_index(drop=True).groupby("utterance_id", sort=False)["keyword"]
    wanted = {str(key): rows for key, rows in groups}
    ids = _by_length(store, list(wanted))
    if ids and METHODS[method].frames is None:
        _check_shortest(store, ids[0], grid)
    batches = list(in_chunks(ids, batch_size if METHODS[method].frames else 1))
    table = np.zeros((len(pairs), 4))
    for batch in with_progress(batches, len(batches), f"Localising by {method}, batches of utterances"):
        utterances = [store[key] for key in batch]
        words = [[model.keywords.index(keyword) for keyword in wanted[key]] for key in batch]
        with torch.no_grad(), devices.autocast(place, precision):
            found = _scores(model, utterances, words, METHODS[method], store.settings, grid, memory)
        for key, scores in zip(batch, found, strict=True):
            table[wanted[key].index] = scores.places(store.settings)
    places = pairs[COLUMNS[:2]].reset_index(drop=True)
    return places.assign(**dict(zip(COLUMNS[2:], table.T, strict=True)))


def score_map(
    model: KeywordModel,
    features: npt.ArrayLike,
    keywords: Sequence[str],
    method: str,
    settings: FeatureSettings,
    grid: SegmentGrid = COARSE,
    precision: str = "float32",
) -> tuple[FloatArray, FloatArray]:
    """Localisation scores α (P, F) of ``keywords`` in one utterance's ``features`` (T, D), and their times (F,) in s.

    The times are those of the encoded frames' centres; for masking those of the segments' middles. Segments of
    several durations have their middles close together, so each middle shows the highest α within half a
    ``grid.start_step`` of it. The highest α of a row is the score of ``localise`` in the same ``precision``.
    """
    _check(model, keywords, method)
    model.eval()
    words = [model.keywords.index(keyword) for keyword in keywords]
    utterance = np.asarray(features, dtype=np.float32)
    with torch.no_grad(), devices.autocast(next(model.parameters()).device, precision):
        (found,) = _scores(model, [utterance], [words], METHODS[method], settings, grid, masking.MEMORY)
    times = found.spans(settings)[0]
    if METHODS[method].frames:
        return found.alpha, times
    middles = np.unique(times.round(6))
    near = np.abs(middles[:, None] - times) <= grid.start_step / 2 + 1e-6
    return np.stack([np.where(near, row, -np.inf).max(axis=1) for row in found.alpha]), middles


def _by_length(store: FeatureStore, ids: list[str]) -> list[str]:
    return [ids[i] for i in np.argsort(store.subset(ids).lengths, kind="stable")]


def _check_shortest(store: FeatureStore, utterance_id: str, grid: SegmentGrid) -> None:
    """Find out before anything is computed that the shortest utterance holds no segment."""
    try:
        grid.segments(len(store[utterance_id]), store.settings)
    except UserError as error:
        raise UserError(f"Utterance {utterance_id} cannot be masked. {error}") from error


def _check(model: KeywordModel, keywords: Iterable[str], method: str) -> None:
    require_known(f"localisation method of {model.name}", method, methods_for(model))
    for keyword in keywords:
        require_known("keyword of this model", keyword, model.keywords)


def _scores(
    model: KeywordModel,
    utterances: Sequence[npt.NDArray[np.float32]],
    words: Sequence[Sequence[int]],
    method: Method,
    settings: FeatureSettings,
    grid: SegmentGrid,
    memory: int,
) -> list[_Scores]:
    """The localisation scores of the keywords numbered ``words`` in each of ``utterances`` (T, D)."""
    if method.frames:
        return _frame_scores(model, utterances, words, method.frames)
    pairs = zip(utterances, words, strict=True)
    return [_segment_scores(model, x, numbers, method.keep, settings, grid, memory) for x, numbers in pairs]


def _frame_scores(
    model: KeywordModel,
    utterances: Sequence[npt.NDArray[np.float32]],
    words: Sequence[Sequence[int]],
    method: FrameScores,
) -> list[_Scores]:
    place = next(model.parameters()).device
    lengths = [len(x) for x in utterances]
    features = pad_sequence([torch.from_numpy(x) for x in utterances], batch_first=True).to(place)
    rows = torch.tensor([row for row, numbers in enumerate(words) for _ in numbers], device=place)
    flat = torch.tensor([number for numbers in words for number in numbers], device=place)
    alpha, order = method(model, features, torch.tensor(lengths, device=place), rows, flat)
    found = []
    for row, frames in enumerate(lengths):
        own, stride = rows == row, model.encoder.stride
        centres = model.encoder.frame_centres(-(-frames // stride))
        last = np.minimum(centres + (stride - 1) / 2, frames - 1)  # the last pooled frame may stand for fewer
        shown, judged = (_to_numpy(x[own, : len(centres)]) for x in (alpha, order))
        found.append(_Scores(shown, judged, centres - (stride - 1) / 2, last))
    return found


def _segment_scores(
    model: KeywordModel,
    utterance: npt.NDArray[np.float32],
    words: Sequence[int],
    keep: bool,
    settings: FeatureSettings,
    grid: SegmentGrid,
    memory: int,
) -> _Scores:
    place = next(model.parameters()).device
    segments = grid.segments(len(utterance), settings)
    numbers = torch.tensor(words, device=place)
    logits = masking.segment_logits(model, torch.from_numpy(utterance).to(place), numbers, segments, keep, memory).T
    # The order is that of the logits, because σ is exactly 1 for all of several segments that a model is sure of.
    order = _to_numpy(logits if keep else -logits)
    first, last = segments.T.astype(np.float64) - [[0], [1]]
    return _Scores(_to_numpy(masking.alpha(logits, keep)), order, first, last)


def _to_numpy(values: Tensor) -> FloatArray:
    return values.double().cpu().numpy()
