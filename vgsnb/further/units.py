"""Units: sounds that recur in a trained encoder, and how much hearing one of them raises a tag.

Under cross-entropy a network explains a tag by everything that is said: beside a dog, "ball" and "grass" are evidence
for *dogs*, and whatever is evidence may be located. Here each sound is judged by itself. The encoded frames of the
training utterances are sorted into units (k-means); a unit's association with a keyword is by how much the tags of the
utterances that contain it exceed the mean tag. An utterance's score is the highest association that is heard in it, and
the place is where. No text is used: units come from the sound, associations from the soft tags.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import safetensors.numpy
import torch
import yaml
from safetensors import SafetensorError
from sklearn.cluster import MiniBatchKMeans
from torch import Tensor
from torch.nn import functional

from vgsnb import devices
from vgsnb.errors import UserError
from vgsnb.evaluation.perfect_ears import association
from vgsnb.files import whole_file
from vgsnb.localisation import COLUMNS
from vgsnb.models import KeywordModel
from vgsnb.speech.features import FeatureSettings, FeatureStore
from vgsnb.speech.workers import in_chunks, with_progress

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]
FLOOR = 0.1  # of the mean variance, added before frames are whitened: small directions are noise
SAMPLE = 300_000  # frames that units are found in
BATCH = 64  # utterances encoded together
ARRAYS = ("mean", "axes", "centres", "association")


@dataclass(frozen=True)
class Units:
    """N units of encoded frames and their association with W keywords.

    Attributes:
        keywords: W words.
        mean: (K,) of the encoded frames.
        axes: (K, P) onto which they are turned and whitened.
        centres: (N, P) of the units.
        association: (N, W) by how much a unit raises the logarithm of a keyword's tag.
        reach: encoded frames on either side that a frame is averaged with before it is sorted into a unit.
    """

    keywords: tuple[str, ...]
    mean: FloatArray
    axes: FloatArray
    centres: FloatArray
    association: FloatArray
    reach: int


def whitening(frames: FloatArray, dimensions: int) -> tuple[FloatArray, FloatArray]:
    """The mean (K,) of ``frames`` (N, K) and their first ``dimensions`` principal axes (K, P), to unit spread."""
    mean = frames.mean(axis=0)
    spread, axes = np.linalg.eigh(np.cov(frames - mean, rowvar=False))
    spread, axes = spread[::-1][:dimensions], axes[:, ::-1][:, :dimensions]
    return mean, (axes / np.sqrt(spread + FLOOR * spread.mean())).astype(np.float32)


def nearest(points: Tensor, centres: Tensor) -> Tensor:
    """Which of ``centres`` (N, P) is nearest to each of ``points`` (F, P): (F,)."""
    return (points @ centres.T - (centres**2).sum(1) / 2).argmax(1)


def fit(
    model: KeywordModel,
    store: FeatureStore,
    targets: pd.DataFrame,
    *,
    count: int = 1500,
    dimensions: int = 96,
    reach: int = 2,
    every: int = 2,
    strength: float = 200.0,
    seed: int = 0,
    device: str | None = None,
) -> Units:
    """Find ``count`` units in what ``model`` encodes of the utterances of ``targets`` (utterance × keyword).

    Every ``every``-th frame is counted. The units are drawn from ``seed``.
    """
    rng = np.random.default_rng(seed)
    ids = targets.index.tolist()
    share = SAMPLE / max(1, int(store.subset(ids).lengths.sum()) // model.encoder.stride)
    some = [frames[rng.random(len(frames)) < share] for frames in _encoded(model, store, ids, reach, device)]
    sample = np.concatenate(some)
    if len(sample) < count:
        raise UserError(f"{len(sample)} frames cannot make {count} units: ask for fewer, or give more utterances.")
    mean, axes = whitening(sample, min(dimensions, sample.shape[1]))
    found = MiniBatchKMeans(count, batch_size=8192, n_init=1, max_iter=8, random_state=seed).fit((sample - mean) @ axes)
    nothing = np.empty(0, np.float32)
    found = Units(tuple(targets.columns), mean, axes, found.cluster_centers_.astype(np.float32), nothing, reach)
    counts, sums = np.zeros(count), np.zeros((count, len(targets.columns)))
    for frames, tags in zip(_encoded(model, store, ids, reach, device), targets.to_numpy(float), strict=True):
        heard = np.unique(_sorted(found, frames[::every]))
        counts[heard] += 1
        sums[heard] += tags
    raised = association(counts, sums, targets.mean().to_numpy(float), strength)
    return replace(found, association=raised.astype(np.float32))


@torch.no_grad()
def _encoded(
    model: KeywordModel, store: FeatureStore, ids: Sequence[str], reach: int, device: str | None
) -> Iterator[FloatArray]:
    """The encoded frames (T', K) of each of ``ids``, each frame averaged with its neighbours."""
    place = devices.find_device(device)
    precision = devices.find_precision(place)
    model.to(place).eval()
    chunks = list(in_chunks(ids, BATCH))
    for chunk in with_progress(chunks, len(chunks), f"Encoding, batches of {BATCH}"):
        features, lengths = (torch.from_numpy(values).to(place) for values in store.batch(chunk))
        with devices.autocast(place, precision):
            h, frames = model.encoder(features, lengths)
        for row, length in zip(h.float(), frames.tolist(), strict=True):
            yield _averaged(row[:, :length], reach).T.cpu().numpy()


def _averaged(values: Tensor, reach: int) -> Tensor:
    """Each column of ``values`` (K, T) averaged with ``reach`` columns on either side, fewer at the ends."""
    if not reach:
        return values
    return functional.avg_pool1d(values[None], 2 * reach + 1, 1, reach, count_include_pad=False)[0]


def _sorted(units: Units, frames: FloatArray) -> IntArray:
    points = torch.from_numpy((frames - units.mean) @ units.axes)
    return nearest(points, torch.from_numpy(units.centres)).numpy()


def score_map(
    units: Units, model: KeywordModel, features: npt.ArrayLike, keywords: Sequence[str], settings: FeatureSettings
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The association α (P, F) of what is heard with ``keywords`` in the ``features`` (T, D) of an utterance.

    And the times (F,), in seconds: the centres of the encoded frames.
    """
    x = torch.from_numpy(np.asarray(features, dtype=np.float32))[None]
    model.eval()
    with torch.no_grad():
        h, frames = model.encoder(x, torch.tensor([x.shape[1]]))
    alpha = _raised(units, _averaged(h[0, :, : int(frames)], units.reach).T.numpy(), keywords)
    centres = model.encoder.frame_centres(alpha.shape[1])
    return alpha.astype(float), settings.window / 2 + centres * settings.shift


def _raised(units: Units, frames: FloatArray, keywords: Sequence[str]) -> FloatArray:
    columns = [units.keywords.index(word) for word in keywords]
    return units.association[_sorted(units, frames)][:, columns].T


def locate(
    units: Units, model: KeywordModel, store: FeatureStore, ids: Sequence[str], device: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What raises each keyword most in each utterance of ``ids``: scores, and places of every pair.

    Scores (utterance × keyword) are σ(α), above one half where something raises the tag. Places have the columns of
    ``vgsnb.localisation.localise``: the first of the highest stretches in which one unit goes on, and its middle.
    """
    scores = np.zeros((len(ids), len(units.keywords)), np.float32)
    table = np.zeros((len(ids), len(units.keywords), 3))
    half, shift = store.settings.window / 2, store.settings.shift
    stride = model.encoder.stride
    for row, frames in enumerate(_encoded(model, store, ids, units.reach, device)):
        alpha = _raised(units, frames, units.keywords)
        first, last = _stretch(alpha)
        scores[row] = alpha[np.arange(len(alpha)), first]
        start, end = half + (first * stride - 0.5) * shift, half + ((last + 1) * stride - 0.5) * shift
        table[row] = np.stack([(start + end) / 2, start, end], axis=1)
    found = pd.DataFrame(1 / (1 + np.exp(-scores)), pd.Index(ids, name="utterance_id"), list(units.keywords))
    pairs = pd.MultiIndex.from_product([ids, units.keywords], names=COLUMNS[:2]).to_frame(index=False)
    columns = dict(zip(COLUMNS[3:], table.reshape(-1, 3).T, strict=True))
    return found, pairs.assign(score=found.to_numpy().ravel(), **columns)


def _stretch(alpha: FloatArray) -> tuple[IntArray, IntArray]:
    """First and last frame (P,) of the first stretch in which each row of ``alpha`` (P, F) stays at its highest."""
    highest = alpha == alpha.max(axis=1, keepdims=True)
    first = highest.argmax(axis=1)
    after = ~highest & (np.arange(alpha.shape[1]) > first[:, None])
    last = np.where(after.any(axis=1), after.argmax(axis=1), alpha.shape[1]) - 1
    return first, last


def save(units: Units, folder: Path) -> None:
    """Write ``units.safetensors`` and ``units.yaml`` into ``folder``."""
    arrays = {name: np.ascontiguousarray(getattr(units, name)) for name in ARRAYS}
    with whole_file(folder / "units.safetensors") as path:
        safetensors.numpy.save_file(arrays, path)
    with whole_file(folder / "units.yaml") as path:
        path.write_text(yaml.safe_dump({"keywords": list(units.keywords), "reach": units.reach}))


def load(folder: Path) -> Units:
    """The units that ``save`` wrote; ``UserError`` for files that are missing or cut short."""
    try:
        about: dict[str, Any] = yaml.safe_load((folder / "units.yaml").read_text())
        arrays = safetensors.numpy.load_file(folder / "units.safetensors")
        return Units(tuple(about["keywords"]), reach=about["reach"], **{name: arrays[name] for name in ARRAYS})
    except (OSError, KeyError, TypeError, yaml.YAMLError, SafetensorError) as error:
        raise UserError(f"The units in {folder} are missing or cut short ({error}): find them again.") from error
