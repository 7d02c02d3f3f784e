"""What a room, a microphone and a day do to speech; none of it moves a word in time."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft, next_fast_len, rfft, rfftfreq

FloatArray = npt.NDArray[np.float32]
NOISE_SECONDS = 16
NOISE_SLOPES = (0.0, 0.5, 1.0, 1.5, 2.0)  # power falls with frequency to this power: white … pink … brown


def transmit(
    samples: FloatArray,
    rate: int,
    decay: float,
    strength: float,
    band: tuple[float, float],
    rng: np.random.Generator,
) -> FloatArray:
    """Pass ``samples`` through a room (see ``room_answer``) and a microphone (see ``band_gain``), without delay."""
    answer = room_answer(rate, decay, strength, rng)
    size = next_fast_len(len(samples) + len(answer) + rate // 20, real=True)
    return irfft(rfft(samples, size) * rfft(answer, size) * band_gain(size, rate, band), size)[: len(samples)]


def room_answer(rate: int, decay: float, strength: float, rng: np.random.Generator) -> FloatArray:
    """A room's answer to a click: the click itself at time 0, then noise that falls by 60 dB in ``decay`` seconds.

    ``strength`` is the energy of that noise as a fraction of that of the direct sound, which stays where it is: so do
    the words.
    """
    length = round(decay * rate)
    answer = rng.standard_normal(length, dtype=np.float32) * np.logspace(0, -3, length, dtype=np.float32)
    answer[: rate // 200] = 0  # the first wall is at least 5 ms away
    answer *= np.sqrt(strength / np.sum(answer**2))
    answer[0] = 1
    return answer


def band_gain(size: int, rate: int, band: tuple[float, float]) -> FloatArray:
    """Gain at the frequencies of a transform over ``size`` samples: second order below ``band``, sixth above."""
    frequencies = np.maximum(rfftfreq(size, 1 / rate), 1e-3)
    low, high = band
    gain = 1 / np.sqrt((1 + (low / frequencies) ** 4) * (1 + (frequencies / high) ** 12))
    return gain.astype(np.float32)


def add_noise(samples: FloatArray, rate: int, ratio: float, slope: float, rng: np.random.Generator) -> FloatArray:
    """Add noise, ``ratio`` dB below the mean power of ``samples``, coloured by ``slope`` (one of NOISE_SLOPES)."""
    bank = noise_bank(slope, rate)
    start = int(rng.integers(len(bank)))
    noise = np.take(bank, np.arange(start, start + len(samples)), mode="wrap")
    level = np.sqrt(np.mean(samples**2)) * 10 ** (-ratio / 20)
    return samples + np.float32(level) * noise


@lru_cache
def noise_bank(slope: float, rate: int) -> FloatArray:
    """Some seconds of noise of unit power, without a seam where its end meets its start."""
    size = NOISE_SECONDS * rate
    rng = np.random.default_rng(round(10 * slope))
    spectrum = rfft(rng.standard_normal(size)) / np.maximum(rfftfreq(size, 1 / rate), 40.0) ** (slope / 2)
    noise = irfft(spectrum, size)
    return (noise / noise.std()).astype(np.float32)


def set_loudness(samples: FloatArray, level: float, peak: float = 0.95) -> FloatArray:
    """Bring ``samples`` to ``level`` dB below a full square wave (RMS), or as near as ``peak`` allows."""
    gain = 10 ** (level / 20) / max(float(np.sqrt(np.mean(samples**2))), 1e-9)
    return samples * np.float32(min(gain, peak / max(float(np.abs(samples).max()), 1e-9)))
