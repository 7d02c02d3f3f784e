"""Single words and single pictures: what one-shot tests are made of, and how they are kept."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float32]
FULL_SCALE = 32767  # of 16 bits


def _digest(table: pd.DataFrame, rate: int, *arrays: FloatArray) -> str:
    found = hashlib.sha256(f"{rate} {pd.util.hash_pandas_object(table).sum()}".encode())
    for array in arrays:
        found.update(str(array.shape).encode())
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:16]


@dataclass(frozen=True)
class Spoken:
    """N spoken words: ``table`` with ``token_id, word, speaker`` (and of digits ``digit``), and the sound of each.

    ``sounds`` are samples in [−1, 1] at ``rate`` a second, one array a row of the table.
    """

    table: pd.DataFrame
    sounds: Sequence[FloatArray]
    rate: int

    def digest(self) -> str:
        """What tells these words from others, as part of a key: a number of their table and of their sound."""
        return _digest(self.table, self.rate, *self.sounds)

    def save(self, folder: Path) -> None:
        """Write table and sounds (16 bits) to ``folder``."""
        self.table.to_parquet(folder / "table.parquet")
        joined = np.concatenate([np.zeros(0, np.float32), *self.sounds]).clip(-1, 1)
        np.savez(
            folder / "sounds.npz",
            samples=(joined * FULL_SCALE).round().astype(np.int16),
            lengths=np.array([len(sound) for sound in self.sounds], dtype=np.int64),
            rate=self.rate,
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what ``save`` wrote."""
        with np.load(folder / "sounds.npz") as stored:
            samples, lengths, rate = (
                stored["samples"].astype(np.float32) / FULL_SCALE,
                stored["lengths"],
                stored["rate"],
            )
        sounds = np.split(samples, np.cumsum(lengths)[:-1]) if len(lengths) else []
        return cls(pd.read_parquet(folder / "table.parquet"), sounds, int(rate))


@dataclass(frozen=True)
class Pictures:
    """N pictures: ``table`` with ``digit`` or ``character``, ``pixels`` (N, S, S) in [0, 1], 1 where the ink is."""

    table: pd.DataFrame
    pixels: FloatArray

    def digest(self) -> str:
        """What tells these pictures from others, as part of a key."""
        return _digest(self.table, 0, self.pixels)

    def save(self, folder: Path) -> None:
        """Write table and pixels (8 bits) to ``folder``."""
        self.table.to_parquet(folder / "table.parquet")
        np.save(folder / "pixels.npy", (self.pixels * 255).round().astype(np.uint8))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what ``save`` wrote."""
        return cls(pd.read_parquet(folder / "table.parquet"), np.load(folder / "pixels.npy").astype(np.float32) / 255)
