"""What lies near what: everything in the page, escaped; tables with published numbers beside ours."""

import re
from html import unescape

import numpy as np
import pytest
from made_up import space_tables
from PIL import Image

from vgsnb.report import neighbours
from vgsnb.report.neighbours import Shown

SOUND = (np.random.default_rng(0).normal(0, 0.1, 8000).astype(np.float32), 16000)
PICTURE = Image.new("RGB", (30, 40), "red")


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", re.sub("<style>.*?</style>", "", html, flags=re.S))))


def test_queries_stand_before_what_they_find_and_nothing_is_fetched() -> None:
    found = [Shown("0.90", PICTURE, right=True), Shown("0.80", PICTURE, right=False)]
    page = neighbours.neighbours([(Shown("“<b>dog”", sound=SOUND), found), (Shown("p1", PICTURE), found[:1])], "Near")
    assert text_of(page).split() == ["Near", "“<b>dog”", "✓", "0.90", "✗", "0.80", "p1", "✓", "0.90"]
    assert "“<b>dog" not in page
    assert page.count("<audio") == 1
    assert page.count("is-right") - page.count("li figure.is-right") == 2
    assert all(source.startswith("data:") for source in re.findall(r'src="(.*?)"', page))
    assert all(re.findall(r'alt="(.*?)"', page))


@pytest.mark.parametrize("loud", [0.0, 1e-3, 1.0])
def test_sounds_of_any_loudness_are_heard(loud: float) -> None:
    page = neighbours.neighbours([(Shown("dog", sound=(SOUND[0] * loud, SOUND[1])), [])], "Near")
    assert "data:audio/mpeg;base64," in page


def test_published_numbers_stand_below_ours() -> None:
    table = space_tables()["wordlearning"]
    said = text_of(neighbours.words_html(table))
    row = table.iloc[0]
    ours = f"{row['mean_rank']:.1f} [{row['mean_rank_low']:.1f}, {row['mean_rank_high']:.1f}]"
    assert re.search(rf"word similarity, trained .*?{re.escape(ours)} \(11\.53\)", said)
    assert "image token by word, random" in said
    assert "(178.44)" in said
    assert neighbours.published().set_index(["task", "model"]).loc[("image-token-by-word", "trained"), "r25"] == 0.4291


def test_ways_have_a_column_a_task_and_their_time() -> None:
    table = space_tables()["wordlearning_ways"].query("model == 'trained'")
    html = neighbours.ways_html(table)
    said = text_of(html)
    assert html.count("<tr class='ours'>") == 2
    assert "image token by word" in said
    last = table.iloc[-1]
    assert f"{last['mean_rank']:.1f} [{last['mean_rank_low']:.1f}, {last['mean_rank_high']:.1f}] 9" in said
    untrained = neighbours.ways_html(table.assign(seconds=np.nan))
    assert untrained.count("<tr class='aside'>") == 2


def test_retrieval_and_examples_are_shown_with_chance_and_with_what_is_asked() -> None:
    tables = space_tables()
    said = text_of(neighbours.retrieval_html(tables["retrieval_ways"]))
    assert "speech to image this preset's" in said
    assert "2.0" in said
    assert "Pools of 500" in said
    asked = neighbours.by_example_html(tables["retrieval_by_example"])
    assert "1 picture " in text_of(asked)
    assert "10 recordings" in text_of(asked)
    assert asked.count("<tr class='aside'>") == 1
