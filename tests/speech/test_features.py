from dataclasses import replace

import numpy as np
import pytest
import soundfile
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vgsnb.errors import UserError
from vgsnb.speech.features import FeatureSettings, FeatureStore, build_store, extract
from vgsnb.speech.sound import read_audio

RATE = 16000


def noise(seconds, seed=0, rate=RATE):
    return np.random.default_rng(seed).normal(scale=0.1, size=round(seconds * rate)).astype(np.float32)


@pytest.fixture
def recordings(tmp_path):
    items = []
    for number, seconds in enumerate([0.5, 1.3, 0.9, 0.01]):
        path = tmp_path / f"{number}.flac"
        soundfile.write(path, noise(seconds, number), RATE)
        items.append((f"utterance-{number}", path))
    return items


def test_mfcc_has_39_normalised_coefficients():
    features = extract(noise(2.0), FeatureSettings())
    assert features.shape == (198, 39)
    assert features.dtype == np.float32
    np.testing.assert_allclose(features.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(features.std(axis=0), 1, atol=1e-3)


def test_zeroth_coefficient_is_log_rms_energy():
    features = extract(0.25 * np.ones(RATE, dtype=np.float32), FeatureSettings(normalise=False))
    np.testing.assert_allclose(features[:, 0], np.log(0.25), rtol=1e-5)


def test_derivatives_are_those_of_the_statics():
    features = extract(noise(1.0), FeatureSettings(normalise=False, delta_reach=0.02))
    static, first = features[:, :13], features[:, 13:26]
    t = 40
    expected = ((static[t + 1] - static[t - 1]) + 2 * (static[t + 2] - static[t - 2])) / 10
    np.testing.assert_allclose(first[t], expected, atol=1e-5)


def test_a_tone_lies_in_its_mel_band():
    times = np.arange(RATE) / RATE
    low, high = (
        extract(0.3 * np.sin(2 * np.pi * f * times), FeatureSettings("log-mel", normalise=False)) for f in (300, 3000)
    )
    assert low.shape == (98, 80)
    assert low.mean(axis=0).argmax() < 15
    assert high.mean(axis=0).argmax() > 40


@given(st.integers(100, 40000), st.sampled_from([0.01, 0.02]))
@settings(max_examples=25, deadline=None)
def test_frames_follow_the_stated_formula(samples, shift):
    chosen = FeatureSettings(shift=shift)
    features = extract(noise(samples / RATE), chosen)
    assert len(features) == 1 + max(0, samples - 400) // round(shift * RATE)
    assert np.isfinite(features).all()


def test_frame_times_point_at_a_click():
    for shift in (0.01, 0.02):
        chosen = FeatureSettings(shift=shift, normalise=False)
        samples = np.zeros(RATE, dtype=np.float32)
        samples[round(0.6 * RATE)] = 0.9
        energy = extract(samples, chosen)[:, 0]
        touched = chosen.frame_times(len(energy))[energy > energy.min() + 1]
        assert abs(touched.mean() - 0.6) <= shift / 2


def test_silence_and_quiet_speech_stay_finite():
    for samples in (np.zeros(RATE), 1e-6 * noise(1.0)):
        assert np.isfinite(extract(samples, FeatureSettings())).all()


def test_unknown_kind_lists_the_known():
    with pytest.raises(UserError, match="mfcc, log-mel"):
        FeatureSettings(kind="plp")


def test_store_returns_what_extract_gives(recordings, tmp_path):
    chosen = FeatureSettings()
    store = build_store(tmp_path / "store", recordings, chosen)
    assert store.ids == [name for name, _ in recordings]
    for name, path in recordings:
        np.testing.assert_allclose(store[name], extract(read_audio(path), chosen), atol=5e-3)
    assert FeatureStore.open(tmp_path / "store").settings == chosen


def test_workers_change_nothing(recordings, tmp_path):
    many = recordings[:3] * 50
    items = [(f"{name}-{number}", path) for number, (name, path) in enumerate(many)]
    build_store(tmp_path / "one", items, FeatureSettings(), workers=1)
    build_store(tmp_path / "two", items, FeatureSettings(), workers=2)
    for name in ("frames.f16", "index.parquet"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_batch_is_padded_with_zeros(recordings, tmp_path):
    store = build_store(tmp_path / "store", recordings, FeatureSettings())
    features, lengths = store.batch(["utterance-1", "utterance-0"])
    assert features.shape == (2, 128, 39)
    assert lengths.tolist() == [128, 48]
    np.testing.assert_array_equal(features[1, :48], store["utterance-0"])
    assert not features[1, 48:].any()


def test_a_store_on_a_device_puts_the_same_batches_together_there(recordings, tmp_path):
    store, ids = build_store(tmp_path / "store", recordings, FeatureSettings()), ["utterance-2", "utterance-0"]
    assert store.on(torch.device("cpu")) is store
    here = replace(store, held=torch.from_numpy(np.array(store.frames)))
    for known in (here, here.subset(ids)):
        for found, plain in zip(known.batch(ids, 32), store.batch(ids, 32), strict=True):
            assert found.dtype == plain.dtype
            assert torch.equal(found, plain)
    elsewhere = store.on(torch.device("meta"))
    assert elsewhere.on(torch.device("meta")) is elsewhere
    assert elsewhere.subset(ids).batch(ids, 32)[0].device.type == "meta"


def test_subset_keeps_the_order_asked_for(recordings, tmp_path):
    store = build_store(tmp_path / "store", recordings, FeatureSettings())
    part = store.subset(["utterance-2", "utterance-0"])
    assert part.ids == ["utterance-2", "utterance-0"]
    assert "utterance-1" not in part
    np.testing.assert_array_equal(part["utterance-0"], store["utterance-0"])
    with pytest.raises(UserError, match="utterance-1"):
        part.batch(["utterance-1"])


def test_cut_store_is_named(recordings, tmp_path):
    build_store(tmp_path / "store", recordings, FeatureSettings())
    frames = tmp_path / "store" / "frames.f16"
    frames.write_bytes(frames.read_bytes()[:-100])
    with pytest.raises(UserError, match="store"):
        FeatureStore.open(tmp_path / "store")


def test_two_utterances_of_one_id_are_refused(recordings, tmp_path):
    with pytest.raises(UserError, match="unique"):
        build_store(tmp_path / "store", recordings + recordings, FeatureSettings())


def broken(tmp_path, kind):
    path = tmp_path / ("bad.wav" if kind == "empty" else "bad.flac")
    if kind == "empty":
        soundfile.write(path, noise(0), RATE)
    elif kind == "rate":
        soundfile.write(path, noise(1.0, rate=8000), 8000)
    elif kind == "stereo":
        soundfile.write(path, np.stack([noise(1.0)] * 2, axis=1), RATE)
    elif kind == "no sound":
        path.write_bytes(b"<html>not found</html>")
    return path


@pytest.mark.parametrize(
    ("kind", "says"),
    [("missing", "missing"), ("empty", "no samples"), ("rate", "8000"), ("stereo", "2 channels"), ("no sound", "read")],
)
def test_bad_sound_is_named_with_a_remedy(tmp_path, kind, says):
    with pytest.raises(UserError, match=says) as error:
        build_store(tmp_path / "store", [("a", broken(tmp_path, kind))], FeatureSettings())
    assert "bad." in str(error.value)
    assert not (tmp_path / "store" / "index.parquet").exists()
