import base64
import io
import json
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
import soundfile
from PIL import Image

from vgsnb.errors import UserError
from vgsnb.report.player import CLIP_BUDGET, FRAME_BUDGET, PICTURE_BUDGET, clip, player

RATE = 16_000
WORDS = pd.DataFrame(
    [("a", 0.30, 0.38), ("black", 0.40, 0.75), ("dog", 0.80, 1.20), ("leaps", 1.25, 1.60)],
    columns=["word", "start", "end"],
)
TIMES = np.arange(200) * 0.01 + 0.0125


@pytest.fixture(scope="module")
def samples():
    """Two seconds of noise as loud and as full as speech, with pauses."""
    rng = np.random.default_rng(0)
    loudness = np.zeros(2 * RATE)
    for start, end in zip(WORDS["start"], WORDS["end"], strict=True):
        loudness[int(start * RATE) : int(end * RATE)] = 0.2
    return np.convolve(rng.normal(size=2 * RATE) * loudness, np.hanning(9) / 5, "same").astype(np.float32)


@pytest.fixture
def picture():
    return Image.fromarray(np.random.default_rng(1).integers(0, 255, (12, 12, 3), np.uint8)).resize((96, 96))


def data_of(html):
    text = re.search(r'<script type="application/json" class="vgsnb-data">(.*?)</script>', html, re.S).group(1)
    return json.loads(text)


def levels(html, index=0):
    return np.frombuffer(base64.b64decode(data_of(html)["keywords"][index]["cells"]), np.uint8)


def bump(centre, width=0.1):
    return np.exp(-(((TIMES - centre) / width) ** 2))


def test_the_strip_peaks_where_the_scores_do_and_says_their_range(samples):
    html = player(None, samples, RATE, WORDS, {"dog": (0.2 + 0.6 * bump(1.0), TIMES)})
    found = levels(html)
    assert (found.argmax() + 0.5) / len(found) * 2.0 == pytest.approx(1.0, abs=0.02)
    assert (found.min(), found.max()) == (0, 250)
    about = data_of(html)["keywords"][0]
    assert about["low"] == pytest.approx(0.2, abs=0.01)
    assert about["high"] == pytest.approx(0.8, abs=0.01)


def test_a_single_high_frame_survives_the_resampling(samples):
    times = np.arange(2000) * 0.001
    alpha = np.zeros(2000)
    alpha[777] = 1.0
    found = levels(player(None, samples, RATE, WORDS, {"dog": (alpha, times)}))
    assert np.flatnonzero(found == 250).tolist() == [int(0.777 / 2.0 * len(found))]


def test_frames_far_apart_fill_the_strip_and_what_no_frame_covers_stays_empty(samples):
    times = np.arange(4, 100, 9) * 0.01  # the pooled encoder's frames, up to 1 s of 2 s
    found = levels(player(None, samples, RATE, WORDS, {"dog": (np.linspace(0, 1, len(times)), times)}))
    covered = found != 255
    assert covered[: len(found) // 2].all()
    assert not covered[int(0.6 * len(found)) :].any()


def test_scores_that_are_all_alike_or_no_numbers_still_make_a_player(samples):
    alike = player(None, samples, RATE, WORDS, {"dog": (np.full(200, 0.3), TIMES)})
    assert set(levels(alike)) == {125}
    nothing = player(None, samples, RATE, WORDS, {"dog": (np.full(200, np.nan), TIMES)})
    assert "cells" not in data_of(nothing)["keywords"][0]


@pytest.mark.parametrize(
    ("time", "within", "right"), [(1.0, "dog", True), (1.2, "dog", True), (0.5, "black", False), (0.1, None, False)]
)
def test_a_place_is_named_by_the_word_it_lies_in(samples, time, within, right):
    html = player(None, samples, RATE, WORDS, places={"dog": (time, time - 0.1, time + 0.1)}, scores={"dog": 0.75})
    about = data_of(html)["keywords"][0]
    assert (about["within"], about["right"]) == (within, right)
    assert f"located at {time:.2f} s" in about["report"]
    assert "0.75" in about["report"]


def test_the_caller_may_say_what_is_right_for_inflected_words(samples):
    html = player(None, samples, RATE, WORDS, places={"Hund": (1.0, 0.9, 1.1)}, right={"Hund": True})
    assert data_of(html)["keywords"][0]["right"] is True


def test_keywords_come_from_maps_places_and_scores_each_once(samples):
    html = player(None, samples, RATE, WORDS, {"dog": (bump(1), TIMES)}, {"dog": (1, 1, 1)}, {"ball": 0.1, "dog": 0.9})
    assert [about["keyword"] for about in data_of(html)["keywords"]] == ["dog", "ball"]


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen, self.words = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if "on" in {name[:2] for name, _ in attrs}:
            self.words.append(attrs)


def test_text_of_a_corpus_cannot_become_markup(samples, picture):
    nasty = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
    words = WORDS.assign(word=["a", nasty, "dog", '"><b>'])
    places = {nasty: (0.5, 0.4, 0.6)}
    html = player(picture, samples, RATE, words, places=places, scores={nasty: 0.5}, title=nasty, alt=nasty)
    plain = player(picture, samples, RATE, WORDS, places={"black": (0.5, 0.4, 0.6)}, scores={"black": 0.5}, title="t")
    found, wanted = Tags(), Tags()
    found.feed(html)
    wanted.feed(plain)
    assert found.seen == wanted.seen
    assert found.words == []
    assert data_of(html)["keywords"][0]["keyword"] == nasty


def test_words_lie_at_their_times_and_short_ones_get_rows_of_their_own(samples):
    crowded = pd.DataFrame([("in", 0.1, 0.15), ("the", 0.15, 0.2), ("a", 0.2, 0.22)], columns=["word", "start", "end"])
    html = player(None, samples, RATE, crowded)
    marks = re.findall(r'data-start="([\d.]+)" data-end="([\d.]+)" style="left:([\d.]+)%;top:([\d.]+)em', html)
    assert [float(start) for start, *_ in marks] == [0.1, 0.15, 0.2]
    assert [float(left) for _, _, left, _ in marks] == [5, 7.5, 10]
    assert len({top for *_, top in marks}) == 3


def test_the_table_says_everything_in_numbers(samples):
    html = player(None, samples, RATE, WORDS, places={"dog": (1.0, 0.9, 1.1)}, scores={"dog": 0.753})
    table = html[html.index("<details") : html.index("</details>")]
    for text in ("<td>leaps</td><td>1.25</td><td>1.60</td>", "<td>0.753</td><td>1.00</td><td>0.90</td><td>1.10</td>"):
        assert text in table


def test_the_clip_keeps_time_and_length(samples):
    there, rate = soundfile.read(io.BytesIO(clip(samples, RATE)))
    assert (rate, len(there)) == (RATE, len(samples))
    lag = np.correlate(there, samples[800:-800], "valid").argmax() - 800
    assert abs(lag) <= 16  # a millisecond


def test_sizes_stay_within_their_budgets(samples, picture):
    maps = {f"keyword{i}": (bump(i / 5), TIMES) for i in range(5)}
    places = dict.fromkeys(maps, (1.0, 0.9, 1.1))
    html = player(picture, samples, RATE, WORDS, maps, places, dict.fromkeys(maps, 0.5), title="t", alt="a")
    sound = len(re.search(r'src="(data:audio/[^"]*)"', html).group(1))
    image = len(re.search(r'src="(data:image/[^"]*)"', html).group(1))
    assert sound <= CLIP_BUDGET * 2
    assert image <= PICTURE_BUDGET
    assert len(html) - sound - image <= FRAME_BUDGET


def test_noise_the_worst_sound_stays_within_its_budget():
    noise = np.random.default_rng(2).normal(size=4 * RATE).astype(np.float32) * 0.3
    assert len(base64.b64encode(clip(noise, RATE))) <= CLIP_BUDGET * 4


def test_nothing_points_outside(samples, picture):
    html = player(picture, samples, RATE, WORDS, {"dog": (bump(1), TIMES)}, title="t")
    assert set(re.findall(r"https?://[^\s\"'<)]+", html)) <= {"http://www.w3.org/2000/svg"}


def test_the_same_utterance_gives_the_same_bytes(samples, picture):
    assert player(picture, samples, RATE, WORDS) == player(picture, samples, RATE, WORDS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"samples": np.zeros((2, 100))}, "one channel"),
        ({"samples": np.zeros(0)}, "10 ms"),
        ({"samples": np.full(RATE, np.nan)}, "no numbers"),
        ({"rate": 12_345}, "12345"),
        ({"words": pd.DataFrame({"word": ["a"]})}, "end, start"),
        ({"picture": b"\x89PNG cut short"}, "picture"),
        ({"score_maps": {"dog": (np.zeros(3), np.zeros(4))}}, r"\(3,\)"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_one_sentence(samples, change, message):
    given = {"picture": None, "samples": samples, "rate": RATE, "words": WORDS} | change
    with pytest.raises(UserError, match=message):
        player(**given)


def test_a_picture_cut_short_is_refused(samples, picture):
    stream = io.BytesIO()
    picture.save(stream, format="PNG")
    with pytest.raises(UserError, match="picture"):
        player(stream.getvalue()[:200], samples, RATE, WORDS)
