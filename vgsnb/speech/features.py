"""Features (MFCC, log-mel, a pretrained embedding) and the store that keeps them on disk, read memory-mapped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
import torchaudio.functional as audio_functional
import yaml

from vgsnb.errors import UserError, require_known
from vgsnb.files import whole_file
from vgsnb.speech import pretrained
from vgsnb.speech.sound import read_audio
from vgsnb.speech.workers import in_chunks, spread, with_progress

KINDS = ("mfcc", "log-mel", "embedding")
QUANTISATION_POWER = 1e-8  # of one spectral bin: what 16 bits leave of a digital silence
FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class FeatureSettings:
    """How sound becomes features; times in seconds.

    The values are those of Olaleye et al. (2022) and, where the paper is silent, of its released code: pre-emphasis
    0.97, 25 ms windows every 10 ms, 80 mel bands, 13 cepstral coefficients with the zeroth replaced by the logarithm
    of the RMS energy, their first and second derivatives, mean and variance normalised by utterance.
    """

    kind: str = "mfcc"
    shift: float = 0.01
    window: float = 0.025
    mel_bands: int = 80
    coefficients: int = 13
    delta_reach: float = 0.04  # a derivative looks this far to either side
    preemphasis: float = 0.97
    normalise: bool = True
    rate: int = 16000

    def __post_init__(self) -> None:
        require_known("kind of features", self.kind, KINDS)

    @property
    def dimensions(self) -> int:
        """D, the number of coefficients a frame."""
        return 3 * self.coefficients if self.kind == "mfcc" else self.statics

    @property
    def statics(self) -> int:
        """How many of the D coefficients are static; the rest are derivatives of these, in as many groups."""
        return {"mfcc": self.coefficients, "log-mel": self.mel_bands, "embedding": pretrained.DIMENSIONS}[self.kind]

    def frame_times(self, frames: int) -> npt.NDArray[np.float64]:
        """Seconds at the centres of the first ``frames`` frames, (T,)."""
        return np.arange(frames, dtype=np.float64) * self.shift + self.window / 2


def extract(samples: npt.ArrayLike, settings: FeatureSettings) -> FloatArray:
    """Features (T, D) of the ``samples`` of one utterance, at ``settings.rate``.

    T = 1 + floor((duration − window) / shift); a signal shorter than one window is filled up with zeros.
    """
    signal = torch.as_tensor(np.asarray(samples, dtype=np.float32))
    width = round(settings.window * settings.rate)
    signal = torch.nn.functional.pad(signal, (0, max(0, width - len(signal))))
    features = {"mfcc": _mfcc, "log-mel": _log_mel, "embedding": _embedding}[settings.kind](signal, settings)
    if settings.normalise:
        features = features - features.mean(dim=0)
        features = features / features.square().mean(dim=0).sqrt().clamp(min=1e-5)  # a third of the time of ``std``
    return features.numpy()


def extract_file(path: Path, settings: FeatureSettings) -> npt.NDArray[np.float16]:
    """Features (T, D) of one sound file, as a store keeps them."""
    return extract(read_audio(path, settings.rate), settings).astype(np.float16)


def _embedding(signal: torch.Tensor, settings: FeatureSettings) -> torch.Tensor:
    return torch.from_numpy(pretrained.embed(signal.numpy(), settings.window, settings.shift, settings.rate))


def _mfcc(signal: torch.Tensor, settings: FeatureSettings) -> torch.Tensor:
    frames = signal.unfold(0, round(settings.window * settings.rate), round(settings.shift * settings.rate))
    energy = frames.square().mean(dim=1).clamp(min=QUANTISATION_POWER).log() / 2
    cepstrum = _log_mel(signal, settings) @ _cosines(settings.coefficients, settings.mel_bands)
    return _with_derivatives(torch.cat([energy[:, None], cepstrum[:, 1:]], dim=1), settings)


def _log_mel(signal: torch.Tensor, settings: FeatureSettings) -> torch.Tensor:
    width = round(settings.window * settings.rate)
    fourier = 1 << (width - 1).bit_length()
    emphasised = audio_functional.preemphasis(signal, settings.preemphasis)
    frames = emphasised.unfold(0, width, round(settings.shift * settings.rate)) * _hann(width)
    squares = torch.view_as_real(torch.fft.rfft(frames, n=fourier)).square()
    power = squares[..., 0] + squares[..., 1]  # ``sum`` over two numbers takes five times as long
    bands = power @ _mel_filters(fourier // 2 + 1, settings.mel_bands, settings.rate)
    return bands.clamp(min=QUANTISATION_POWER).log()


def _with_derivatives(static: torch.Tensor, settings: FeatureSettings) -> torch.Tensor:
    width = 2 * max(1, round(settings.delta_reach / settings.shift)) + 1
    first = audio_functional.compute_deltas(static.T, width)
    second = audio_functional.compute_deltas(first, width)
    return torch.cat([static, first.T, second.T], dim=1)


@lru_cache
def _hann(width: int) -> torch.Tensor:
    return torch.hann_window(width, periodic=False)


@lru_cache
def _mel_filters(bins: int, bands: int, rate: int) -> torch.Tensor:
    return audio_functional.melscale_fbanks(bins, 0.0, rate / 2, bands, rate)


@lru_cache
def _cosines(coefficients: int, bands: int) -> torch.Tensor:
    return audio_functional.create_dct(coefficients, bands, norm="ortho")


@dataclass(frozen=True)
class FeatureStore:
    """The features of many utterances in one file, float16, read memory-mapped, or copied to a device by ``on``."""

    folder: Path
    settings: FeatureSettings
    ids: list[str]
    starts: npt.NDArray[np.int64]  # first frame of each utterance in the file
    lengths: npt.NDArray[np.int64]  # T of each utterance
    frames: npt.NDArray[np.float16]  # all frames, (sum of T, D)
    rows: dict[str, int]  # utterance id → position in ``ids``
    held: torch.Tensor | None = None  # ``frames`` on the device where batches are put together

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Open a store that ``build_store`` made.

        Raises:
            UserError: a file of it is missing or cut short.
        """
        folder = Path(folder)
        try:
            settings = FeatureSettings(**yaml.safe_load((folder / "settings.yaml").read_text()))
            index = pd.read_parquet(folder / "index.parquet")
            shape = (int(index["length"].sum()), settings.dimensions)
            frames = np.memmap(folder / "frames.f16", dtype=np.float16, mode="r", shape=shape)
        except (OSError, ValueError, TypeError) as error:
            raise UserError(
                f"The features in {folder} are not whole ({error}): remove it to make them again."
            ) from error
        ids = index["utterance_id"].tolist()
        rows = {name: row for row, name in enumerate(ids)}
        return cls(folder, settings, ids, index["start"].to_numpy(), index["length"].to_numpy(), frames, rows)

    @classmethod
    def in_memory(cls, utterances: Mapping[str, npt.ArrayLike], settings: FeatureSettings) -> Self:
        """A store of the features (T, D) of ``utterances``, by utterance id."""
        arrays = [np.asarray(frames, dtype=np.float16) for frames in utterances.values()]
        lengths = np.array([len(frames) for frames in arrays], dtype=np.int64)
        frames = np.concatenate([np.zeros((0, settings.dimensions), np.float16), *arrays])
        rows = {name: row for row, name in enumerate(utterances)}
        return cls(Path(), settings, list(utterances), np.cumsum(lengths) - lengths, lengths, frames, rows)

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, utterance_id: str) -> bool:
        return utterance_id in self.rows

    def __getitem__(self, utterance_id: str) -> FloatArray:
        """The features (T, D) of one utterance."""
        row = self._rows_of([utterance_id])[0]
        return np.asarray(self.frames[self.starts[row] : self.starts[row] + self.lengths[row]], dtype=np.float32)

    def subset(self, ids: Sequence[str]) -> Self:
        """The same store with ``ids`` only, in their order."""
        rows, names = self._rows_of(ids), list(ids)
        positions = {name: row for row, name in enumerate(names)}
        return replace(self, ids=names, starts=self.starts[rows], lengths=self.lengths[rows], rows=positions)

    def on(self, place: torch.device) -> Self:
        """The same store with all frames on ``place``: from then on a batch costs no copy but that of row numbers.

        On a processor the file stays as it is. A gigabyte holds 35 hours of MFCCs every 10 ms.
        """
        here = self.held is not None and self.held.device.type == place.type
        if here or place.type == "cpu":
            return self
        return replace(self, held=torch.from_numpy(np.array(self.frames)).to(place))

    def batch(self, ids: Sequence[str], multiple: int = 1) -> tuple[torch.Tensor, torch.Tensor]:
        """Features (B, T, D) of ``ids``, zero beyond each one's length, where the store is; and the lengths (B,).

        T is a ``multiple``; lengths are on the processor.
        """
        rows = self._rows_of(ids)
        starts, lengths = self.starts[rows], torch.from_numpy(self.lengths[rows])
        shape = (len(rows), -(-max(lengths.tolist(), default=0) // multiple) * multiple, self.settings.dimensions)
        if self.held is not None:
            return _gathered(self.held, torch.from_numpy(starts), lengths, shape[1]), lengths
        features = np.zeros(shape, dtype=np.float32)
        for place, (start, length) in enumerate(zip(starts, lengths.tolist(), strict=True)):
            features[place, :length] = self.frames[start : start + length]
        return torch.from_numpy(features), lengths

    def frame_times(self, frames: int) -> npt.NDArray[np.float64]:
        """Seconds at the centres of the first ``frames`` frames, (T,)."""
        return self.settings.frame_times(frames)

    def _rows_of(self, ids: Sequence[str]) -> npt.NDArray[np.int64]:
        try:
            return np.array([self.rows[name] for name in ids], dtype=np.int64)
        except KeyError as error:
            raise UserError(f"{self.folder} has no features of utterance {error}: make the features again.") from error


def _gathered(frames: torch.Tensor, starts: torch.Tensor, lengths: torch.Tensor, longest: int) -> torch.Tensor:
    """Features (B, ``longest``, D) out of all ``frames`` (sum of T, D), on their device."""
    places = torch.arange(longest, device=frames.device)
    inside = places < lengths.to(frames.device)[:, None]
    rows = (starts.to(frames.device)[:, None] + places) * inside
    return frames[rows].float().masked_fill(~inside[..., None], 0.0)


def build_store(
    folder: Path | str,
    items: Iterable[tuple[str, Path | str]],
    settings: FeatureSettings,
    workers: int = 1,
) -> FeatureStore:
    """Compute the features of all ``items``, pairs of utterance id and sound file, and write them to ``folder``.

    Raises:
        UserError: a sound file is missing, broken, empty or of another rate; two items have the same id.
    """
    folder, items = Path(folder), [(name, Path(path)) for name, path in items]
    if len({name for name, _ in items}) < len(items):
        raise UserError(f"Two utterances for {folder} have the same utterance_id: make the ids unique.")
    lengths = list[int]()
    work = partial(_extract_files, settings=settings)
    with whole_file(folder / "frames.f16") as path, path.open("wb") as file:
        chunks = list(in_chunks([path for _, path in items], 64))
        for found in with_progress(spread(work, chunks, min(workers, len(chunks))), len(chunks), "Features, batches"):
            lengths += [len(frames) for frames in found]
            file.writelines(frames.tobytes() for frames in found)
    index = pd.DataFrame({"utterance_id": [name for name, _ in items], "length": np.array(lengths, dtype=np.int64)})
    index.insert(1, "start", index["length"].cumsum() - index["length"])
    with whole_file(folder / "index.parquet") as path:
        index.to_parquet(path)
    with whole_file(folder / "settings.yaml") as path:
        path.write_text(yaml.safe_dump(asdict(settings), sort_keys=False))
    return FeatureStore.open(folder)


def _extract_files(paths: Sequence[Path], settings: FeatureSettings) -> list[npt.NDArray[np.float16]]:
    return [extract_file(path, settings) for path in paths]
