import numpy as np
import pytest
from scipy.signal import welch

from vgsnb.speech.conditions import NOISE_SLOPES, add_noise, noise_bank, room_answer, set_loudness, transmit

RATE = 16000
WIDE = (1.0, 7900.0)


def rng(seed=0):
    return np.random.default_rng(seed)


def burst(at=0.5, seconds=1.5):
    samples = np.zeros(round(seconds * RATE), np.float32)
    start = round(at * RATE)
    samples[start : start + 800] = rng().standard_normal(800)
    return samples


@pytest.mark.parametrize("band", [WIDE, (250.0, 3400.0)])
def test_rooms_and_microphones_move_nothing(band):
    dry = burst()
    wet = transmit(dry, RATE, decay=0.5, strength=0.5, band=band, rng=rng())
    assert len(wet) == len(dry)
    lags = np.arange(-200, 201)
    match = [np.dot(np.roll(dry, lag), wet) for lag in lags]
    assert lags[int(np.argmax(match))] == 0


def test_room_rings_on_and_falls_by_60_decibels():
    answer = room_answer(RATE, decay=0.4, strength=0.3, rng=rng())
    assert answer[0] == 1
    assert np.sum(answer[1:] ** 2) == pytest.approx(0.3, rel=1e-3)
    first, last = answer[100:500].std(), answer[-400:].std()
    assert 20 * np.log10(first / last) == pytest.approx(60 * (6000 - 300) / 6400, abs=4)


def test_band_is_limited():
    samples = rng().standard_normal(4 * RATE).astype(np.float32)
    frequencies, power = welch(transmit(samples, RATE, 0.1, 1e-6, (200.0, 3500.0), rng()), RATE, nperseg=1024)
    middle = power[(frequencies > 800) & (frequencies < 2500)].mean()
    assert power[frequencies > 6000].mean() < middle / 100
    assert power[(frequencies > 10) & (frequencies < 60)].mean() < middle / 10


def test_noise_lies_the_stated_distance_below():
    dry = burst()
    for ratio in (10, 30):
        added = add_noise(dry, RATE, ratio, 0.0, rng()) - dry
        assert 10 * np.log10(np.mean(dry**2) / np.mean(added**2)) == pytest.approx(ratio, abs=0.5)


def test_steeper_noise_is_darker():
    shares = []
    for slope in NOISE_SLOPES:
        frequencies, power = welch(noise_bank(slope, RATE), RATE)
        shares.append(power[frequencies > 2000].sum() / power.sum())
    assert shares == sorted(shares, reverse=True)


def test_loudness_is_set_and_never_clips():
    samples = burst()
    quiet = set_loudness(samples, -40)
    assert 20 * np.log10(np.sqrt(np.mean(quiet**2))) == pytest.approx(-40, abs=0.1)
    assert np.abs(set_loudness(samples, 0)).max() == pytest.approx(0.95)
    assert not set_loudness(np.zeros(10, np.float32), -20).any()
