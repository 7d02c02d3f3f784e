"""Spoken captions in many voices, with the time of every word, by the espeak-ng library.

The library runs in the process that calls it, and is loaded anew for every utterance: it keeps state from one
utterance to the next, so only that makes the sound depend on the request alone. It is not thread-safe.
"""

import _ctypes
import ctypes
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise
from math import gcd
from pathlib import Path

import espeakng_loader
import numpy as np
import numpy.typing as npt
import pandas as pd
import soundfile
from scipy.signal import firwin, resample_poly
from scipy.stats import qmc

from vgsnb.errors import UserError, require_known
from vgsnb.seeds import generator
from vgsnb.speech.conditions import NOISE_SLOPES, add_noise, set_loudness, transmit
from vgsnb.speech.workers import in_chunks, spread, with_progress

RATE = 16000
# en-us-nyc is left out: with the h of "huge" it drops the event that says where the word begins
ACCENTS = ("en", "en-us", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029")
LANGUAGES = ("en", "de")
VOICES_A_FOLDER = 300  # espeak-ng does not see more than 350
NO_BREAK = "\u00a0"
BATCH = 32  # utterances that a worker gets at once
FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Voice:
    """A speaker: an English accent, a throat and a habit of speaking. Speaks German too."""

    name: str
    accent: str  # one of ACCENTS, when speaking English
    pitch: int  # Hz, the lower end of its usual range
    pitch_range: int  # Hz
    formants: tuple[int, ...]  # frequencies of formants 0 to 8 in percent of the engine's own
    tilt: tuple[int, int]  # strength at middle and high frequencies, 0 to 255
    breath: int  # noise in the vowels, 0 to 40
    roughness: int  # 0 to 7
    flutter: int  # unsteadiness of the pitch, 0 to 20
    contrast: int  # how much longer stressed and shorter unstressed vowels are than the engine's, 0 to 45
    speed: int  # words a minute

    def variant(self) -> str:
        """The voice file that espeak-ng reads."""
        formants = "".join(f"formant {number} {percent} 100 100\n" for number, percent in enumerate(self.formants))
        breath = f"breath 0 {self.breath} {self.breath} {self.breath} {self.breath // 2}\n" if self.breath else ""
        return (
            f"language variant\nname {self.name}\npitch {self.pitch} {self.pitch + self.pitch_range}\n{formants}"
            f"tone 600 190 1200 {self.tilt[0]} 2600 {self.tilt[1]}\n{breath}"
            f"roughness {self.roughness}\nflutter {self.flutter}\n"
            f"stressAdd {-self.contrast} {-self.contrast} 0 {-self.contrast} 0 0 {self.contrast} {self.contrast}\n"
        )


def make_voices(count: int, seed: int) -> list[Voice]:
    """``count`` voices, spread evenly (Sobol's sequence) over pitch, vocal tract, timbre, accent and pace."""
    points = qmc.Sobol(10, seed=seed).random(1 << max(0, count - 1).bit_length())[:count]
    return [_voice(number, point) for number, point in enumerate(points)]


def _voice(number: int, point: npt.NDArray[np.float64]) -> Voice:
    """Make a voice of a point in the unit cube; high voices tend to come from short vocal tracts, as in life."""
    height, tract, second, third, tilt, breath, rough, pace, lively, contrast = point
    scale = 88 + 18 * height + 16 * tract
    upper = (scale * (0.97 + 0.06 * second), scale * (0.93 + 0.14 * third))
    formants = (scale, scale, upper[0], upper[1], *(upper[1] * 0.98,) * 5)
    return Voice(
        name=f"voice{number:03d}",
        accent=ACCENTS[number % len(ACCENTS)],
        pitch=round(72 * 3.2**height),
        pitch_range=round(72 * 3.2**height * (0.2 + 0.5 * lively)),
        formants=tuple(round(percent) for percent in formants),
        tilt=(round(90 + 110 * tilt), round(50 + 130 * tilt)),
        breath=round(max(0.0, 40 * (breath - 0.6) / 0.4)),
        roughness=round(max(0.0, 6 * (rough - 0.5) / 0.5)),
        flutter=round(2 + 10 * rough),
        contrast=round(10 + 35 * contrast),
        speed=round(120 + 68 * pace),
    )


@dataclass(frozen=True)
class Request:
    """An utterance to be spoken. ``text`` is words separated by single spaces, without punctuation."""

    utterance_id: str
    text: str
    voice: Voice
    language: str = "en"
    seed: int = 0

    def __post_init__(self) -> None:
        require_known("language", self.language, LANGUAGES)
        if not self.text.split():
            raise UserError(f"Utterance {self.utterance_id} has no words: give it a text or leave it out.")


@dataclass(frozen=True)
class Conditions:
    """What varies from utterance to utterance beside voice and words."""

    speed: int  # words a minute
    lead: float  # seconds at which the first word begins
    tail: float  # seconds after the last
    decay: float  # reverberation time, seconds
    strength: float  # energy of the room's answer over that of the direct sound
    band: tuple[float, float]  # Hz
    noise_ratio: float  # dB
    noise_slope: float
    loudness: float  # dB

    @classmethod
    def of(cls, request: Request) -> "Conditions":
        """Draw the conditions of an utterance: a function of its id, voice and seed alone."""
        rng = generator(request.seed, "conditions", request.utterance_id)
        return cls(
            speed=round(request.voice.speed * rng.uniform(0.92, 1.08)),
            lead=rng.uniform(0.22, 0.83),
            tail=rng.uniform(0.15, 0.6),
            decay=rng.uniform(0.1, 0.6),
            strength=10 ** rng.uniform(-2.5, -0.3),
            band=(rng.uniform(30, 250), rng.uniform(3400, 7800)),
            noise_ratio=rng.uniform(12, 40),
            noise_slope=float(rng.choice(NOISE_SLOPES)),
            loudness=rng.uniform(-34, -18),
        )


@dataclass(frozen=True)
class Spoken:
    """Sound at ``RATE`` and its words: ``word, start, end`` in seconds, one row for each word of the text."""

    samples: FloatArray
    words: pd.DataFrame


def speak_all(requests: Sequence[Request], workers: int = 1) -> Iterator[Spoken]:
    """Speak ``requests`` in ``workers`` processes; the sound does not depend on their number or on the order."""
    with voice_folders([request.voice for request in requests]) as folders:
        chunks = list(in_chunks(requests, BATCH))
        work = partial(_speak_chunk, folders=folders)
        for spoken in spread(work, chunks, min(workers, len(chunks))):
            yield from spoken


def record_all(requests: Sequence[Request], folder: Path, workers: int = 1) -> Iterator[tuple[float, pd.DataFrame]]:
    """Speak ``requests`` into ``folder``/<utterance id>.flac; yield the duration and ``Spoken.words`` of each."""
    folder.mkdir(parents=True, exist_ok=True)
    with voice_folders([request.voice for request in requests]) as folders:
        chunks = list(in_chunks(requests, BATCH))
        work = partial(_record_chunk, folders=folders, folder=folder)
        recorded = spread(work, chunks, min(workers, len(chunks)))
        for found in with_progress(recorded, len(chunks), f"Speaking, batches of {BATCH}"):
            yield from found


def _speak_chunk(requests: Sequence[Request], folders: dict[str, Path]) -> list[Spoken]:
    return [speak(request, folders[request.voice.name]) for request in requests]


def _record_chunk(
    requests: Sequence[Request], folders: dict[str, Path], folder: Path
) -> list[tuple[float, pd.DataFrame]]:
    found = []
    for request in requests:
        spoken = speak(request, folders[request.voice.name])
        _write(folder / f"{request.utterance_id}.flac", spoken.samples)
        found.append((len(spoken.samples) / RATE, spoken.words))
    return found


def _write(path: Path, samples: FloatArray) -> None:
    try:
        soundfile.write(path, samples, RATE, subtype="PCM_16")
    except (soundfile.LibsndfileError, OSError, AssertionError) as error:
        raise UserError(f"Cannot write {path} ({error}): free space or change its folder.") from error


def speak(request: Request, data_folder: Path) -> Spoken:
    """Speak one request with the voices in ``data_folder`` (see ``voice_folders``), in its own room and noise."""
    conditions = Conditions.of(request)
    dry, rate, words = _speak_dry(request, conditions.speed, data_folder)
    lead, tail = round((conditions.lead - words["start"].min()) * RATE), round(conditions.tail * RATE)
    samples = np.pad(_to_rate(dry, rate), (lead, tail))
    rng = generator(request.seed, "room", request.utterance_id)
    samples = add_noise(samples, RATE, conditions.noise_ratio, conditions.noise_slope, rng)
    samples = transmit(samples, RATE, conditions.decay, conditions.strength, conditions.band, rng)
    words = words.assign(start=words["start"] + lead / RATE, end=words["end"] + lead / RATE)
    return Spoken(set_loudness(samples, conditions.loudness), words)


def _to_rate(samples: FloatArray, rate: int) -> FloatArray:
    """Bring ``samples`` to ``RATE``, without delay."""
    divisor = gcd(RATE, rate)
    up, down = RATE // divisor, rate // divisor
    return resample_poly(samples, up, down, window=_low_pass(up, down))


@lru_cache
def _low_pass(up: int, down: int) -> FloatArray:
    """The filter that ``resample_poly`` would design anew for every utterance."""
    longest = max(up, down)
    return firwin(20 * longest + 1, 1 / longest, window=("kaiser", 5.0)).astype(np.float32)


def _speak_dry(request: Request, speed: int, data_folder: Path) -> tuple[FloatArray, int, pd.DataFrame]:
    """Sound without room, its rate, and its words.

    Dictionary entries such as "on the" swallow the second word's time; no-break spaces keep words apart.
    """
    base = request.voice.accent if request.language == "en" else request.language
    words = request.text.split()
    text = NO_BREAK.join(words)
    samples, rate, phonemes = _synthesise(text, f"{base}+{request.voice.name}", speed, data_folder)
    table = word_times(words, phonemes, rate)
    lost = table.loc[table["start"].isna(), "word"]
    if len(lost):
        raise UserError(f"espeak-ng does not speak {lost.iloc[0]!r} in {request.utterance_id}: leave the word out.")
    return samples, rate, table


def word_times(words: Sequence[str], phonemes: Sequence[tuple[int, int, str]], rate: int) -> pd.DataFrame:
    """Start and end of every word (``word, start, end`` in seconds; NaN for a word without a sound).

    ``phonemes`` are (position in the text, first sample, name), the last one the end of the sound. A word begins with
    its first phoneme, not with the engine's word event, which comes up to 55 ms early; it ends where the phoneme after
    its last one begins. Pauses belong to no word.
    """
    starts = np.cumsum([0, *(len(word) + 1 for word in words[:-1])])
    spans = np.full((len(words), 2), np.nan)
    for (position, first, name), (_, following, _) in pairwise(phonemes):
        if not name.startswith("_"):
            place = int(np.searchsorted(starts, position, side="right")) - 1
            spans[place] = np.fmin(spans[place, 0], first), following
    return pd.DataFrame({"word": list(words), "start": spans[:, 0] / rate, "end": spans[:, 1] / rate})


@contextmanager
def voice_folders(voices: Sequence[Voice]) -> Iterator[dict[str, Path]]:
    """Make temporary folders of engine data with ``voices`` in them; yield the folder of each voice's name."""
    unique = list({voice.name: voice for voice in voices}.values())
    with tempfile.TemporaryDirectory(prefix="vgsnb-voices-") as root:
        folders = dict[str, Path]()
        for number, part in enumerate(in_chunks(unique, VOICES_A_FOLDER)):
            folder = _link_engine_data(Path(root) / str(number))
            for voice in part:
                (folder / "voices" / "!v" / voice.name).write_text(voice.variant())
                folders[voice.name] = folder
        yield folders


def _link_engine_data(folder: Path) -> Path:
    installed = Path(espeakng_loader.get_data_path())
    (folder / "voices" / "!v").mkdir(parents=True)
    for name in ("phontab", "phonindex", "phondata", "intonations", "en_dict", "de_dict", "lang"):
        (folder / name).symlink_to(installed / name)
    return folder


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),  # characters, from 1
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("name", ctypes.c_char * 8),
    )


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))
_END, _PHONEME = 0, 7  # kinds of events
_SYNCHRONOUS, _WITH_PHONEMES, _FROM_CHARACTER, _UTF8, _RATE, _VOLUME = 2, 1, 1, 1, 1, 2
QUIET = 30  # percent: at 60 one utterance in nine clips; loudness is set afterwards


def _synthesise(
    text: str, voice: str, speed: int, data_folder: Path
) -> tuple[FloatArray, int, list[tuple[int, int, str]]]:
    """Sound, its rate and the phonemes (position in ``text`` from 0, first sample, name), the last one the end."""
    pieces, phonemes = list[bytes](), list[tuple[int, int, str]]()

    def take(sound: "ctypes._Pointer[ctypes.c_short]", count: int, events: "ctypes._Pointer[_Event]") -> int:
        if sound and count:
            pieces.append(ctypes.string_at(sound, 2 * count))
        place = 0
        while (event := events[place]).type != _END:
            if event.type == _PHONEME:
                phonemes.append((event.text_position - 1, event.sample, event.name.decode("utf-8", "replace")))
            place += 1
        return 0

    callback = _CALLBACK(take)
    with _fresh_engine() as engine:
        rate = engine.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(data_folder), _WITH_PHONEMES)
        engine.espeak_SetSynthCallback(callback)
        engine.espeak_ng_SetRandSeed(ctypes.c_long(1))
        if rate <= 0 or engine.espeak_SetVoiceByName(voice.encode()):
            raise UserError(f"espeak-ng has no voice {voice!r}: install espeakng-loader 0.2.4 again.")
        engine.espeak_SetParameter(_RATE, speed, 0)
        engine.espeak_SetParameter(_VOLUME, QUIET, 0)
        raw = text.encode() + b"\0"
        engine.espeak_Synth(raw, ctypes.c_size_t(len(raw)), 0, _FROM_CHARACTER, 0, _UTF8, None, None)
        engine.espeak_Terminate()
    samples = np.frombuffer(b"".join(pieces), np.int16).astype(np.float32) / np.float32(32768)
    return samples, rate, [*phonemes, (len(text), len(samples), "_")]


@contextmanager
def _fresh_engine() -> Iterator[ctypes.CDLL]:
    engine = ctypes.CDLL(espeakng_loader.get_library_path())
    try:
        yield engine
    finally:
        _ctypes.dlclose(engine._handle)
