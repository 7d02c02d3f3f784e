"""The utterance player: picture, sound, words, scores and places of one utterance as one piece of static HTML.

Everything is inside the string: no file beside it and no network. With JavaScript one clicks, or presses a key, to hear
a word or to play from anywhere; without it the browser's own audio controls and the table of words and scores remain.

Sizes: a clip costs at most ``CLIP_BUDGET`` characters a second, a picture ``PICTURE_BUDGET``, everything else of a
player (script, style, words, scores) ``FRAME_BUDGET``. ``tests/report/test_player.py`` holds them to it.
"""

import base64
import io
import json
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import soundfile
from PIL import Image, UnidentifiedImageError

from vgsnb.errors import UserError

CLIP_BUDGET = 7_000
PICTURE_BUDGET = 16_000
FRAME_BUDGET = 32_000

CELLS = 200  # columns of a score strip: 20 to 30 ms each, finer than any word
PEAKS = 400  # columns of a waveform
SCALE = 160  # pixels a second at the least; longer utterances scroll
LETTER, GAP = 7.6, 12.0  # pixels that a letter of a word and the space around a word take


class Word(NamedTuple):
    """A spoken word and its times in seconds."""

    text: str
    start: float
    end: float


Places = Mapping[str, tuple[float, float, float]]
ScoreMaps = Mapping[str, tuple[np.ndarray, np.ndarray]]


def player(
    picture: Image.Image | bytes | None,
    samples: np.ndarray,
    rate: int,
    words: pd.DataFrame,
    score_maps: ScoreMaps | None = None,
    places: Places | None = None,
    scores: Mapping[str, float] | None = None,
    *,
    title: str = "",
    alt: str = "",
    right: Mapping[str, bool] | None = None,
) -> str:
    """Return the player of one utterance as HTML that needs nothing outside itself.

    ``samples`` (N,) lie in [-1, 1] at ``rate`` a second; ``words`` has the columns ``word, start, end`` in seconds.
    ``score_maps`` gives for a keyword its localisation scores α (F,) and their times (F,) in seconds, ``places`` the
    predicted ``(time, start, end)`` in seconds and ``scores`` the detection score in [0, 1]. A keyword may be in any
    of the three. ``right`` says whether a place counts as right, for corpora where the words' spelling does not tell;
    by default a place is right when it lies in a word that is spelt as the keyword. ``alt`` describes the picture.

    Raises ``UserError`` for sound or words that cannot be shown.
    """
    samples = _checked(samples, rate)
    spoken = _in_order(words)
    duration = len(samples) / rate
    maps, places, scores = dict(score_maps or {}), dict(places or {}), dict(scores or {})
    keywords = list(dict.fromkeys([*maps, *places, *scores]))
    shown = []
    for keyword in keywords:
        found = (maps.get(keyword), places.get(keyword), scores.get(keyword))
        shown.append(_keyword(keyword, *found, spoken, duration, (right or {}).get(keyword)))
    data = {"duration": round(duration, 3), "lead": round(MP3_DELAY / rate, 4), "keywords": shown}
    return "\n".join(
        [
            f"<style>{asset('player.css')}</style>",
            f'<section class="vgsnb-player" aria-label="{escape(title or "Utterance")}">',
            _head(picture, title, alt, samples, rate),
            _timeline(samples, spoken, duration),
            '<p class="vgsnb-report" role="status"></p>' if keywords else "",
            _table(spoken, shown),
            f'<script type="application/json" class="vgsnb-data">{inside_script(data)}</script>',
            "</section>",
            f"<script>{asset('player.js')}</script>",
        ]
    )


def show(*arguments: Any, **named: Any) -> Any:
    """Return ``player(…)`` as an object that a notebook displays."""
    from IPython.display import HTML

    return HTML(player(*arguments, **named))


# What MP3 encoders and decoders put before the first sample. Browsers that read the file's header take it off again;
# for the others the script does, when it finds the decoded sound longer than the utterance.
MP3_DELAY = 1105
MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)


def clip(samples: np.ndarray, rate: int) -> bytes:
    """Return ``samples`` (N,) as MP3, about 3.5 kB a second at 16 kHz.

    Why MP3: Chromium, Firefox and every Safari decode it; Opus and Vorbis in Ogg are as small, but Safari plays them
    only since 18.4; FLAC is five times as big. Variable rate, because its header tells decoders how much silence the
    encoder put in front, so that word times stay true to the sample (constant 32 kbit/s has no room for that header).
    """
    if rate not in MP3_RATES:
        raise UserError(f"A clip at {rate} Hz cannot be written as MP3; resample it to one of {MP3_RATES}.")
    stream = io.BytesIO()
    soundfile.write(
        stream,
        np.clip(samples, -1.0, 1.0),
        rate,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode="VARIABLE",
        compression_level=0.6,
    )
    return stream.getvalue()


def _checked(samples: np.ndarray, rate: int) -> np.ndarray:
    samples = np.asarray(samples, dtype=np.float32)
    if samples.ndim != 1 or len(samples) < rate // 100:
        raise UserError(
            f"A player needs one channel of at least 10 ms of sound, not an array of shape {samples.shape}."
        )
    if not np.isfinite(samples).all():
        raise UserError("The samples of this utterance hold values that are no numbers; read its audio file again.")
    return samples


def _in_order(words: pd.DataFrame) -> list[Word]:
    missing = {"word", "start", "end"} - set(words.columns)
    if missing:
        raise UserError(f"The table of words lacks the columns {', '.join(sorted(missing))}.")
    rows = zip(words["word"], words["start"], words["end"], strict=True)
    return sorted((Word(str(word), float(start), float(end)) for word, start, end in rows), key=lambda word: word.start)


def _keyword(
    keyword: str,
    score_map: tuple[np.ndarray, np.ndarray] | None,
    place: tuple[float, float, float] | None,
    score: float | None,
    words: Sequence[Word],
    duration: float,
    right: bool | None,
) -> dict[str, Any]:
    """What the script needs to show one keyword."""
    about: dict[str, Any] = {"keyword": keyword}
    if score_map is not None:
        about |= _cells(*score_map, duration)
    if place is not None:
        about["place"] = [round(float(value), 3) for value in place]
        about["within"] = _word_at(words, float(place[0]))
        about["right"] = bool(about["within"] == keyword) if right is None else bool(right)
    if score is not None:
        about["score"] = round(float(score), 3)
    about["report"] = _sentence(about)
    return about


def _word_at(words: Sequence[Word], time: float) -> str | None:
    """Return the word that is spoken at ``time`` (seconds), or None in a pause."""
    return next((word.text for word in words if word.start <= time <= word.end), None)


def _sentence(about: dict[str, Any]) -> str:
    parts = [f"“{about['keyword']}”"]
    if "score" in about:
        parts.append(f"detection score {about['score']:.2f}")
    if "place" in about:
        time, start, end = about["place"]
        where = f"in the word “{about['within']}”" if about["within"] is not None else "between words"
        spread = f" ({start:.2f} to {end:.2f} s)" if end > start else ""
        parts.append(f"located at {time:.2f} s{spread}, {where}: {'right' if about['right'] else 'wrong'}")
    return ", ".join(parts) + "."


def _cells(alpha: np.ndarray, times: np.ndarray, duration: float) -> dict[str, Any]:
    """Resample α (F,) at ``times`` (F,) to at most ``CELLS`` columns over the utterance, each a byte.

    A column takes the highest of the frames whose centres lie in it, so that no peak is lost, and the nearest frame
    where there is none. 0 to 250 stand for the lowest to the highest value; 255 for columns that no frame covers.
    """
    alpha, times = np.asarray(alpha, dtype=float), np.asarray(times, dtype=float)
    if alpha.shape != times.shape or alpha.ndim != 1:
        raise UserError(f"Scores of shape {alpha.shape} do not fit times of shape {times.shape}; both must be (F,).")
    known = np.isfinite(alpha)
    if not known.any():
        return {}
    alpha, times = alpha[known], times[known]
    order = np.argsort(times)
    alpha, times = alpha[order], times[order]
    step = float(np.median(np.diff(times))) if len(times) > 1 else duration
    low, high = float(alpha.min()), float(alpha.max())
    columns = min(CELLS, max(1, round(duration / step)))
    edges = np.linspace(0, duration, columns + 1)
    centres = (edges[:-1] + edges[1:]) / 2
    nearest = np.abs(times[None, :] - centres[:, None]).argmin(axis=1)
    values = alpha[nearest]
    np.maximum.at(values, np.clip(np.searchsorted(edges, times, side="right") - 1, 0, columns - 1), alpha)
    level = np.round(250 * (values - low) / (high - low)) if high > low else np.full(columns, 125.0)
    level[np.abs(times[nearest] - centres) > max(step, duration / columns)] = 255
    code = base64.b64encode(level.astype(np.uint8).tobytes()).decode()
    return {"cells": code, "low": float(f"{low:.2g}"), "high": float(f"{high:.2g}")}


def _head(picture: Image.Image | bytes | None, title: str, alt: str, samples: np.ndarray, rate: int) -> str:
    sound = base64.b64encode(clip(samples, rate)).decode()
    return (
        '<div class="vgsnb-head">'
        + (f'<img src="{data_url(picture)}" alt="{escape(alt)}">' if picture is not None else "")
        + '<div class="vgsnb-bar">'
        + (f'<p class="vgsnb-title">{escape(title)}</p>' if title else "")
        + f'<audio controls preload="metadata" src="data:audio/mpeg;base64,{sound}"></audio>'
        + '<div class="vgsnb-controls" hidden></div></div></div>'
    )


def data_url(picture: Image.Image | bytes) -> str:
    """Return a picture (also an encoded one), at most 256 pixels a side, as a data URL."""
    try:
        image = Image.open(io.BytesIO(picture)) if isinstance(picture, bytes) else picture
        image = image.convert("RGB")
    except (UnidentifiedImageError, OSError) as error:
        raise UserError(f"The picture of this utterance cannot be read ({error}); make it again.") from error
    image.thumbnail((256, 256))
    stream = io.BytesIO()
    image.save(stream, format="WEBP", quality=80, method=4)
    return "data:image/webp;base64," + base64.b64encode(stream.getvalue()).decode()


def _timeline(samples: np.ndarray, words: Sequence[Word], duration: float) -> str:
    lanes = _lanes(words)
    marks = [
        f'<button type="button" class="vgsnb-word" data-start="{word.start:.3f}" data-end="{word.end:.3f}" '
        f'style="left:{100 * word.start / duration:.3f}%;top:{1.7 * lane:.1f}em;'
        f'--long:{100 * (word.end - word.start) / duration:.3f}cqw" '
        f'title="{word.start:.2f}–{word.end:.2f} s">{escape(word.text)}</button>'
        for word, lane in zip(words, lanes, strict=True)
    ]
    height = 1.7 * (max(lanes, default=0) + 1)
    return (
        '<div class="vgsnb-scroll" tabindex="-1">'
        f'<div class="vgsnb-time" style="min-width:{round(SCALE * duration)}px">'
        '<div class="vgsnb-track">'
        f"{_waveform(samples)}"
        '<svg class="vgsnb-strip" preserveAspectRatio="none" aria-hidden="true"></svg>'
        '<div class="vgsnb-place" hidden></div><div class="vgsnb-cursor" hidden></div></div>'
        f'<div class="vgsnb-words" role="group" aria-label="Words" style="height:{height:.1f}em">'
        + "".join(marks)
        + "</div></div></div>"
    )


def _lanes(words: Sequence[Word]) -> list[int]:
    """Give every word the first row where its letters overlap none before it, at the smallest scale."""
    ends: list[float] = []
    lanes = []
    for word in words:
        left = word.start * SCALE
        lane = next((i for i, end in enumerate(ends) if end <= left), len(ends))
        ends[lane : lane + 1] = [left + max(LETTER * len(word.text) + GAP, SCALE * (word.end - word.start))]
        lanes.append(lane)
    return lanes


def _waveform(samples: np.ndarray) -> str:
    """Return the peaks of ``samples`` (N,) as one SVG path, scaled to the loudest."""
    columns = min(PEAKS, len(samples))
    parts = np.array_split(samples, columns)
    loudest = max(float(np.abs(samples).max()), 1e-4)
    tops = [round(50 - 48 * max(float(part.max()), 0) / loudest) for part in parts]
    feet = [round(50 - 48 * min(float(part.min()), 0) / loudest) for part in parts]
    there = "L".join(f"{x} {y}" for x, y in enumerate(tops))
    back = "L".join(f"{x} {feet[x]}" for x in reversed(range(columns)))
    return (
        f'<svg class="vgsnb-wave" viewBox="0 0 {columns - 1 or 1} 100" preserveAspectRatio="none" aria-hidden="true">'
        f'<path d="M{there}L{back}Z"/></svg>'
    )


def _table(words: Sequence[Word], shown: Sequence[dict[str, Any]]) -> str:
    """The same, to be read: words with their times, keywords with their scores and places."""
    spoken = "".join(
        f"<tr><td>{escape(word.text)}</td><td>{word.start:.2f}</td><td>{word.end:.2f}</td></tr>" for word in words
    )
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in _row(about))}</tr>" for about in shown)
    keywords = (
        "<table><caption>Keywords</caption><thead><tr><th>keyword</th><th>detection score</th><th>place (s)</th>"
        f"<th>from (s)</th><th>to (s)</th><th>lies in</th></tr></thead><tbody>{body}</tbody></table>"
    )
    return (
        '<details class="vgsnb-table"><summary>Words, times and scores as a table</summary>'
        "<table><caption>Words</caption><thead><tr><th>word</th><th>start (s)</th><th>end (s)</th></tr></thead>"
        f"<tbody>{spoken}</tbody></table>{keywords if shown else ''}</details>"
    )


def _row(about: dict[str, Any]) -> list[str]:
    score = f"{about['score']:.3f}" if "score" in about else "–"
    place = [f"{value:.2f}" for value in about["place"]] if "place" in about else ["–"] * 3
    return [escape(about["keyword"]), score, *place, escape(about.get("within") or "–")]


def inside_script(data: Any) -> str:
    """JSON that no text of a corpus can break out of."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def asset(name: str) -> str:
    """A file beside this one, without its indentation and without the lines that hold a comment only."""
    lines = [line.strip() for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*")))
