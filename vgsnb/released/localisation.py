"""Places as the released code finds them: the last peak, masks that pile up, segments that move, padding that is heard.

The tables of ``vgsnb.localisation.masking`` serve for all of it, exactly and fast. An utterance whose padding is heard
is simply longer. Segments that pile up cover one longer segment. Moved segments that begin together are beginnings of
the same longer one, which is an utterance of its own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from scipy.signal import find_peaks
from torch import Tensor
from torch.nn import functional

from vgsnb import devices, localisation
from vgsnb.errors import UserError, require_known
from vgsnb.localisation import COARSE, METHODS, SegmentGrid, masking, methods_for
from vgsnb.models import KeywordModel
from vgsnb.released.departures import PADDING, concerning
from vgsnb.released.models import LogSumExp, UnmaskedEncoder, departures_of
from vgsnb.speech.features import FeatureSettings, FeatureStore
from vgsnb.speech.workers import with_progress

ROUNDING = localisation.ROUNDING
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


def localise(
    model: KeywordModel,
    store: FeatureStore,
    pairs: pd.DataFrame,
    method: str,
    grid: SegmentGrid = COARSE,
    *,
    departures: Iterable[str] = (),
    device: str | None = None,
    precision: str = "float32",
    batch_size: int = 32,
    memory: int = masking.MEMORY,
) -> pd.DataFrame:
    """As ``vgsnb.localisation.localise``, with the ``departures`` named here and those that ``model`` was built with.

    Where the last peak is taken, pairs without a peak have no row. A model that hears its padding hears 8 s; its places
    lie within the utterance. Raises ``UserError`` as the function that it stands for.
    """
    chosen = (*departures_of(model), *concerning(departures, "places", method=method))
    if isinstance(model.encoder, UnmaskedEncoder):
        store = replace(store, lengths=np.minimum(store.lengths, model.encoder.frames))
    finder = _finder(chosen, method)
    if finder is None:
        return localisation.localise(
            model, store, pairs, method, grid, device=device, precision=precision, batch_size=batch_size, memory=memory
        )
    require_known(f"localisation method of {model.name}", method, methods_for(model))
    place = devices.find_device(device)
    model.to(place).eval()
    pairs = pairs[localisation.COLUMNS[:2]].reset_index(drop=True)
    groups, table = pairs.groupby("utterance_id", sort=False)["keyword"], np.full((len(pairs), 4), np.nan)
    task = _Task(model, method, grid, store.settings, chosen, memory)
    for key, keywords in with_progress(groups, groups.ngroups, f"Localising by {method} as released, utterances"):
        with torch.no_grad(), devices.autocast(place, precision):
            table[keywords.index] = finder(task, store[str(key)], keywords.tolist())
    found = pairs.assign(**dict(zip(localisation.COLUMNS[2:], table.T, strict=True)))
    return found.dropna(subset="time").reset_index(drop=True)


def score_map(
    model: KeywordModel,
    features: npt.ArrayLike,
    keywords: Sequence[str],
    method: str,
    settings: FeatureSettings,
    grid: SegmentGrid = COARSE,
    precision: str = "float32",
    departures: Iterable[str] = (),
) -> tuple[FloatArray, FloatArray]:
    """As ``vgsnb.localisation.score_map``, with the departures that change the scores over time.

    Which of the peaks is taken does not change them.
    """
    chosen = (*departures_of(model), *concerning(departures, "places", method=method))
    utterance = np.asarray(features, dtype=np.float32)[: getattr(model.encoder, "frames", None)]
    if _finder(chosen, method) is not _best_segments:
        return localisation.score_map(model, utterance, keywords, method, settings, grid, precision)
    task, segments = _Task(model, method, grid, settings, chosen), grid.segments(len(utterance), settings)
    keep = METHODS[method].keep
    with torch.no_grad(), devices.autocast(next(model.parameters()).device, precision):
        logits = _segment_logits(task, utterance, keywords, segments, keep)
    alpha = masking.alpha(logits, keep).double().cpu().numpy().T
    times = settings.window / 2 + (segments.mean(axis=1) - 0.5) * settings.shift
    middles = np.unique(times.round(6))
    near = np.abs(middles[:, None] - times) <= grid.start_step / 2 + 1e-6
    return np.stack([np.where(near, row, -np.inf).max(axis=1) for row in alpha]), middles


@dataclass(frozen=True)
class _Task:
    """What stays the same from utterance to utterance."""

    model: KeywordModel
    method: str
    grid: SegmentGrid
    settings: FeatureSettings
    departures: tuple[str, ...]
    memory: int = masking.MEMORY

    def numbers_of(self, keywords: Sequence[str]) -> Tensor:
        for keyword in keywords:
            require_known("keyword of this model", keyword, self.model.keywords)
        place = next(self.model.parameters()).device
        return torch.tensor([self.model.keywords.index(keyword) for keyword in keywords], device=place)


Finder = Callable[[_Task, npt.NDArray[np.float32], list[str]], FloatArray]


def _finder(departures: Iterable[str], method: str) -> Finder | None:
    """Who finds the places (P, 4) of an utterance; None where the paper's way does."""
    masked = method in METHODS and METHODS[method].frames is None
    changed = {"moved-segments", "piled-masks", "unmasked-padding", "log-sum-exp"} if masked else {"last-peak"}
    return (_best_segments if masked else _last_peaks) if changed & set(departures) else None


def _last_peaks(task: _Task, utterance: npt.NDArray[np.float32], keywords: list[str]) -> FloatArray:
    """Score, time, start and end of each keyword's last peak, NaN without one."""
    alpha, times = localisation.score_map(task.model, utterance, keywords, task.method, task.settings)
    half, found = task.model.encoder.stride * task.settings.shift / 2, np.full((len(keywords), 4), np.nan)
    for row, values in enumerate(alpha):
        if (peak := last_peak(values)) is not None:
            found[row] = values[peak], times[peak], times[peak] - half, times[peak] + half
    return found


def last_peak(values: npt.ArrayLike) -> int | None:
    """The last frame that is higher than those on either side of it; the middle of a plateau; None without one.

    The first and the last frame have no two sides. A rise no larger than what rounding makes is none.
    """
    heights = np.asarray(values, dtype=float)
    peaks, _ = find_peaks(heights, prominence=max(ROUNDING * np.abs(heights).max(), np.finfo(float).tiny))
    return int(peaks[-1]) if len(peaks) else None


def _best_segments(task: _Task, utterance: npt.NDArray[np.float32], keywords: list[str]) -> FloatArray:
    """Score, time, start and end of each keyword's best segment."""
    segments = task.grid.segments(len(utterance), task.settings)
    keep = METHODS[task.method].keep
    logits = _segment_logits(task, utterance, keywords, segments, keep)
    order = (logits if keep else -logits).double().cpu().numpy()
    best = [_best(row, first="piled-masks" in task.departures) for row in order.T]
    score = masking.alpha(logits, keep).double().cpu().numpy()[best, np.arange(len(best))]
    edges = task.settings.window / 2 + (segments[best] - 0.5) * task.settings.shift
    return np.column_stack([score, edges.mean(axis=1), edges])


def _best(order: FloatArray, first: bool) -> int:
    """The highest; of equals the middle one as in ``vgsnb.localisation``, or the ``first``.

    Once masks have piled up over the whole utterance nothing changes any more: the first of these is where the last
    frame was covered.
    """
    ties = np.flatnonzero(order >= order.max() - ROUNDING * np.abs(order).max())
    return int(ties[0 if first else len(ties) // 2])


def _segment_logits(
    task: _Task, utterance: npt.NDArray[np.float32], keywords: Sequence[str], segments: IntArray, keep: bool
) -> Tensor:
    """Logits (S, P) of ``keywords`` in every masked version of ``utterance`` (T, D)."""
    model, words = task.model, task.numbers_of(keywords)
    features = torch.from_numpy(utterance).to(words.device)
    if keep and "moved-segments" in task.departures:
        return moved_logits(model, features, words, segments, round(PADDING / task.settings.shift), task.memory)
    if isinstance(model.encoder, UnmaskedEncoder):
        features = _filled(features, model.encoder.frames)
    versions, number = segments, np.arange(len(segments))
    if not keep and "piled-masks" in task.departures:
        versions, number = np.unique(piled(segments), axis=0, return_inverse=True)
    return _logits(model, features, words, versions, keep, task.memory)[number.reshape(-1)]


def _logits(
    model: KeywordModel, features: Tensor, words: Tensor, segments: IntArray, keep: bool, memory: int
) -> Tensor:
    """As ``masking.segment_logits``, which takes log-sum-exp for log-mean-exp."""
    found = masking.segment_logits(model, features, words, segments, keep, memory)
    if isinstance(model.pooling, LogSumExp):
        found = found + model.pooling.surplus(torch.tensor([len(features)], device=found.device))
    return found


def _filled(features: Tensor, frames: int) -> Tensor:
    return functional.pad(features, (0, 0, 0, frames - len(features)))


def moved_logits(
    model: KeywordModel, features: Tensor, words: Tensor, segments: IntArray, frames: int, memory: int = masking.MEMORY
) -> Tensor:
    """Logits (S, P) of ``words`` in each of ``segments`` (S, 2) of ``features`` (T, D), cut out and moved to frame 0.

    Each is an utterance of ``frames`` frames, zero behind the segment. Those that begin together are beginnings of the
    longest of them.
    """
    lengths, found = segments[:, 1] - segments[:, 0], features.new_zeros(len(segments), len(words), dtype=torch.float32)
    if lengths.max() > frames:
        raise UserError(
            f"A segment of {lengths.max()} frames does not fit into the {frames} of 8 s: mask shorter ones."
        )
    for start in np.unique(segments[:, 0]):
        own = np.flatnonzero(segments[:, 0] == start)
        moved = _filled(features[start : start + lengths[own].max()], frames)
        beginnings = np.stack([np.zeros_like(own), lengths[own]], axis=1)
        found[torch.from_numpy(own)] = _logits(model, moved, words, beginnings, True, memory)
    return found


def piled(segments: IntArray) -> IntArray:
    """What is covered when each of ``segments`` (S, 2) stays covered with all before it: one stretch of frames each."""
    covered = np.maximum.accumulate(segments[:, 1])
    if (segments[1:, 0] > covered[:-1]).any() or (segments[1:, 0] < segments[:-1, 0]).any():
        raise UserError("Segments that do not overlap pile up with gaps: let them start at most one duration apart.")
    return np.stack([np.full_like(covered, segments[0, 0]), covered], axis=1)
