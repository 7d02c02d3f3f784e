import os
from pathlib import Path

import numpy as np
import pytest

from vgsnb.errors import UserError
from vgsnb.speech import pretrained
from vgsnb.speech.features import FeatureSettings, extract

CHOSEN = FeatureSettings(kind="embedding", shift=0.08, window=0.032, normalise=False)
MODELS = Path(os.environ.get("VGSNB_DATA", "/nowhere")) / "models"


@pytest.fixture
def loudness(tmp_path, monkeypatch):
    """In place of the networks: the mean size of each log-mel frame's samples, and their mean for an embedding."""

    def run(network, values):
        if network == "to mel":
            frames = np.lib.stride_tricks.sliding_window_view(values[0], pretrained.WIDTH)[:: pretrained.HOP]
            return np.repeat(np.abs(frames).mean(axis=1)[:, None], 32, axis=1).astype(np.float32)
        return np.repeat(values.mean(axis=(1, 2)), pretrained.DIMENSIONS, axis=1)

    monkeypatch.setenv("VGSNB_DATA", str(tmp_path))
    monkeypatch.setattr(pretrained, "_networks", lambda folder: ("to mel", "to embedding"))
    monkeypatch.setattr(pretrained, "_run", run)


@pytest.mark.parametrize("seconds", [0.01, 0.5, 2.0, 3.97])
def test_there_are_as_many_frames_as_of_any_features(loudness, seconds):
    sound = np.full(round(seconds * 16000), 0.5, np.float32)
    plain = extract(sound, FeatureSettings(shift=CHOSEN.shift, window=CHOSEN.window))
    assert extract(sound, CHOSEN).shape == (len(plain), 96)


@pytest.mark.parametrize("middle", [0.3, 1.0, 1.7])
def test_a_frame_hears_what_is_around_its_centre(loudness, middle):
    sound = np.zeros(2 * 16000, np.float32)
    sound[round((middle - 0.02) * 16000) : round((middle + 0.02) * 16000)] = 0.5
    found = extract(sound, CHOSEN)[:, 0]
    away, heard = np.abs(CHOSEN.frame_times(len(found)) - middle), found > 2 + 1e-3
    assert heard[away < 0.36].all()
    assert not heard[away > 0.42].any()


def test_silence_is_around_an_utterance(loudness):
    found = extract(np.full(2 * 16000, 0.5, np.float32), CHOSEN)[:, 0]
    assert (found[[0, -1]] < 0.65 * found[len(found) // 2]).all()
    assert np.ptp(found[6:-6]) < 1e-3 * found.max()


def test_what_does_not_fit_and_what_is_missing_is_told(tmp_path, monkeypatch):
    with pytest.raises(UserError, match="multiple of 10 ms"):
        extract(np.zeros(16000), FeatureSettings(kind="embedding", shift=0.025))
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed: pip install 'vgsnb[pretrained]'")
    monkeypatch.setenv("VGSNB_DATA", str(tmp_path))
    with pytest.raises(UserError, match="oww_melspectrogram"):
        extract(np.zeros(16000), CHOSEN)


@pytest.mark.skipif(not (MODELS / pretrained.FILES[0]).is_file(), reason="VGSNB_DATA/models holds no speech embedding")
def test_the_real_embedding_tells_noise_from_a_tone_and_is_the_same_wherever_it_is():
    rng, times = np.random.default_rng(0), np.arange(5 * 16000) / 16000
    sound = np.where(times < 2.5, rng.normal(0, 0.05, len(times)), 0.2 * np.sin(2 * np.pi * 440 * times))
    found = extract(sound, CHOSEN)
    assert found.shape == (63, 96)
    noise, tone = found[8:22], found[40:55]
    assert np.linalg.norm(noise.mean(0) - tone.mean(0)) > 3 * np.linalg.norm(tone - tone.mean(0), axis=1).mean()
    later = extract(np.concatenate([np.zeros(8 * 1280), sound]), CHOSEN)
    np.testing.assert_allclose(later[8 + 10 : 8 + 50], found[10:50], atol=0.05)
