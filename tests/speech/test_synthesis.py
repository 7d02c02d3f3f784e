from pathlib import Path

import numpy as np
import pytest
import soundfile

from vgsnb.errors import UserError
from vgsnb.speech import synthesis
from vgsnb.speech.synthesis import ACCENTS, RATE, Request, make_voices, record_all, speak_all, voice_folders, word_times

TEXTS = {
    "en": [
        "a brown dog jumps on the bench in the snow",  # "on the" and "in the" are one entry of the dictionary
        "two children play out of the way of a huge orange ball",
        "the man in a black t-shirt doesn't climb the rock",
        "football",
    ],
    "de": ["ein großer brauner hund läuft über die grüne wiese", "zwei mädchen spielen am sandstrand mit einem ball"],
}


def requests(voices=5):
    speakers = make_voices(voices, 1)
    texts = [(language, text) for language, some in TEXTS.items() for text in some]
    return [
        Request(f"{voice.name}-{number}", text, voice, language)
        for number, (language, text) in enumerate(texts)
        for voice in speakers
    ]


@pytest.fixture(scope="module")
def spoken():
    return list(speak_all(requests()))


def test_every_word_has_its_own_time_inside_the_sound(spoken):
    for request, found in zip(requests(), spoken, strict=True):
        assert found.words["word"].tolist() == request.text.split()
        edges = found.words[["start", "end"]].to_numpy()
        assert np.isfinite(edges).all()
        assert (edges[:, 1] - edges[:, 0] > 0.02).all()
        assert (edges[1:, 0] >= edges[:-1, 1] - 1e-9).all()
        assert 0.21 < edges[0, 0] < 0.84
        assert edges[-1, 1] < len(found.samples) / RATE


def test_pace_is_that_of_people(spoken):
    rates = [len(s.words) / (s.words["end"].max() - s.words["start"].min()) for s in spoken if len(s.words) > 5]
    assert 3 < np.mean(rates) < 4.5


def test_sound_begins_and_ends_with_the_words(spoken):
    """Energy before the first word and after the last is small against that within, in spite of noise and room."""
    for found in spoken:
        start, end = (found.words["start"].min() * RATE, found.words["end"].max() * RATE)
        before, within = found.samples[: int(start) - 160], found.samples[int(start) : int(end)]
        assert np.mean(before**2) < 0.2 * np.mean(within**2)


def test_nothing_clips(spoken):
    assert max(np.abs(found.samples).max() for found in spoken) < 0.99
    assert all(found.samples.dtype == np.float32 for found in spoken)


def test_order_and_repetition_change_no_byte(spoken):
    again = list(speak_all(requests()[::-1]))[::-1]
    for one, other in zip(spoken, again, strict=True):
        assert one.samples.tobytes() == other.samples.tobytes()
        assert one.words.equals(other.words)


def test_utterances_of_the_same_text_and_voice_differ():
    voice = make_voices(1, 1)[0]
    one, other = speak_all([Request("a", "a dog runs", voice), Request("b", "a dog runs", voice)])
    assert len(one.samples) != len(other.samples)


def test_recordings_are_what_was_spoken(spoken, tmp_path):
    found = list(record_all(requests()[:6], tmp_path, workers=1))
    for request, (duration, words), expected in zip(requests(), found, spoken, strict=False):
        samples, rate = soundfile.read(tmp_path / f"{request.utterance_id}.flac", dtype="float32")
        assert rate == RATE
        assert duration == len(samples) / RATE
        assert words.equals(expected.words)
        np.testing.assert_allclose(samples, expected.samples, atol=1e-4)


def test_voices_are_spread_over_sexes_and_accents():
    voices = make_voices(128, 1)
    assert len({voice.name for voice in voices}) == 128
    assert {voice.accent for voice in voices} == set(ACCENTS)
    pitches = np.array([voice.pitch for voice in voices])
    assert pitches.min() < 80
    assert pitches.max() > 210
    assert len({voice.formants for voice in voices}) > 120
    assert make_voices(10, 1) == voices[:10]
    assert make_voices(10, 2) != voices[:10]


def test_more_voices_than_a_folder_holds_are_all_heard():
    voices = make_voices(310, 1)
    with voice_folders(voices) as folders:
        assert len(set(folders.values())) == 2
    last, first = speak_all([Request("a", "hello", voices[309]), Request("a", "hello", voices[0])])
    assert not np.array_equal(last.samples, first.samples)


def test_word_times_leave_pauses_out():
    phonemes = [(0, 100, "a"), (2, 200, "d"), (2, 300, "O"), (2, 400, "_:"), (6, 500, "r"), (9, 700, "_")]
    found = word_times(["a", "dog", "runs", "fast"], phonemes, rate=100)
    assert found["start"].fillna(-1).tolist() == [1, 2, 5, -1]
    assert found["end"].fillna(-1).tolist() == [2, 4, 7, -1]


def test_impossible_requests_are_refused():
    voice = make_voices(1, 1)[0]
    with pytest.raises(UserError, match="en, de"):
        Request("a", "bonjour", voice, "fr")
    with pytest.raises(UserError, match="no words"):
        Request("a", " ", voice)
    with pytest.raises(UserError, match="does not speak"):
        list(speak_all([Request("a", "dog -", voice)]))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here to stand for a full disk")
def test_full_disk_is_named(tmp_path):
    (tmp_path / "a.flac").symlink_to("/dev/full")
    with pytest.raises(UserError, match=r"a\.flac.*free space"):
        list(record_all([Request("a", "a dog runs", make_voices(1, 1)[0])], tmp_path))


def test_resampling_moves_nothing():
    click = np.zeros(22050, np.float32)
    click[11025] = 1
    found = synthesis._to_rate(click, 22050)
    assert found.dtype == np.float32
    assert len(found) == RATE
    assert np.argmax(found) == RATE // 2


def test_words_are_where_they_sound():
    """A word spoken before a pause ends where the sound does, and the next begins where it comes back."""
    voice = make_voices(1, 1)[0]
    with voice_folders([voice]) as folders:
        samples, rate, phonemes = synthesis._synthesise("bad, dog", f"en+{voice.name}", 150, folders[voice.name])
    words = word_times(["bad,", "dog"], phonemes, rate)
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.abs(samples).max()) / rate
    gap = int(np.argmax(np.diff(loud)))
    assert words["end"][0] == pytest.approx(loud[gap], abs=0.02)
    assert words["start"][1] == pytest.approx(loud[gap + 1], abs=0.02)
