"""Units: sounds that recur in a trained encoder, and how much hearing one of them raises a tag.

Under cross-entropy a network explains a tag by everything that is said: beside a dog, "ball" and "grass" are evidence
for *dogs*, and whatever is evidence may be located. Here each sound is judged by itself. The encoded frames of the
training utterances are sorted into units (k-means); a unit's association with a keyword is by how much the tags of the
utterances that contain it exceed the mean tag, less by how much more it raises another keyword. An utterance's score is
the highest association that is heard in it, and the place is where. No text is used: units come from the sound,
associations from the soft tags.
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

from vgsnb import devices
from vgsnb.errors import UserError
from vgsnb.evaluation.perfect_ears import against_rivals, association
from vgsnb.files import whole_file
from vgsnb.further.localisation import smoothed
from vgsnb.models import KeywordModel
from vgsnb.speech.features import FeatureStore
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

    def against(self, rivalry: float) -> "Units":
        """The same units, each for the keyword that it raises most (``perfect_ears.against_rivals``)."""
        return replace(self, association=against_rivals(self.association, rivalry))


Listener = tuple[Units, KeywordModel]  # with the model in whose encoder the units recur


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

    Every ``every``-th frame is counted. The units are drawn from ``seed``; no rivals are taken into account yet.
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
        features, lengths = (values.to(place) for values in store.batch(chunk))
        with devices.autocast(place, precision):
            h, frames = model.encoder(features, lengths)
        for row, length in zip(h.float(), frames.tolist(), strict=True):
            yield _averaged(row[:, :length], reach)


def _averaged(h: Tensor, reach: int) -> FloatArray:
    """The frames (T', K) of ``h`` (K, T'), each averaged with ``reach`` of them on either side, fewer at the ends."""
    return smoothed(h.cpu().numpy(), 2 * reach + 1).T.astype(np.float32)


def _sorted(units: Units, frames: FloatArray) -> IntArray:
    points = torch.from_numpy((frames - units.mean) @ units.axes)
    return nearest(points, torch.from_numpy(units.centres)).numpy()


@torch.no_grad()
def score_map(
    listeners: Sequence[Listener], features: npt.NDArray[np.float32], frames: int = 1
) -> npt.NDArray[np.float64]:
    """The association α (W, T') of what is heard over time in an utterance's ``features`` (T, D) with every keyword.

    In the mean over ``listeners``, whose frames and keywords are the same. ``frames`` are those over which it is
    averaged, an odd number.
    """
    heard = list[FloatArray]()
    for units, model in listeners:
        x = torch.from_numpy(features)[None].to(next(model.parameters()).device)
        h, length = model.encoder(x, torch.tensor([x.shape[1]], device=x.device))
        heard.append(_averaged(h[0, :, : int(length)].float(), units.reach))
    return _mean_map(listeners, heard, frames)


def _mean_map(listeners: Sequence[Listener], heard: Sequence[FloatArray], frames: int) -> npt.NDArray[np.float64]:
    """The association (W, T') of what each of ``listeners`` has ``heard`` (T', K), in their mean and averaged."""
    maps = [units.association[_sorted(units, own)].T for (units, _), own in zip(listeners, heard, strict=True)]
    return smoothed(np.mean(maps, axis=0, dtype=float), frames)


def scores(
    listeners: Sequence[Listener],
    store: FeatureStore,
    ids: Sequence[str],
    frames: int = 1,
    device: str | None = None,
) -> pd.DataFrame:
    """σ of the highest α of each keyword in each utterance of ``ids``: above .5 where something raises the tag."""
    keywords = listeners[0][0].keywords
    table = np.zeros((len(ids), len(keywords)))
    encoded = [_encoded(model, store, ids, units.reach, device) for units, model in listeners]
    for row, heard in enumerate(zip(*encoded, strict=True)):
        table[row] = _mean_map(listeners, heard, frames).max(axis=1)
    columns = pd.Index(keywords, name="keyword")
    return pd.DataFrame(1 / (1 + np.exp(-table)), pd.Index(ids, name="utterance_id"), columns, "float32")


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
