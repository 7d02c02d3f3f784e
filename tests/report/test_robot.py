"""The page where one plays the robot: everything inside, and the table of accuracies."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from vgsnb.report import robot

RATE = 16000


def episode(word="three", classes=4):
    rng = np.random.default_rng(0)
    sounds = [rng.normal(0, 0.1, RATE // 2).astype(np.float32) for _ in range(classes + 1)]
    pictures = [rng.random((8, 8)).astype(np.float32) for _ in range(2 * classes)]
    shown = list(zip(sounds[:classes], pictures[:classes], strict=True))
    return robot.Episode(shown, sounds[-1], pictures[classes:], [2], {"siamese": 2, "dtw-pixels": 0}, word, RATE)


def test_everything_is_in_the_page_and_no_word_is_given_away_before_the_answer():
    page = robot.robot([episode(), episode("<b>&one")])
    data = json.loads(re.search(r'class="vgsnb-data">(.*?)</script>', page, re.DOTALL)[1])
    assert [each["word"] for each in data] == ["three", "<b>&one"]
    assert "<b>&one" not in page
    assert len(data[0]["shown"]) == len(data[0]["choices"]) == 4
    assert data[0]["right"] == [2]
    assert data[0]["answers"] == {"siamese": 2, "dtw-pixels": 0}
    assert not re.search(r'(src|href)="(?!data:)', page)
    assert data[0]["query"].startswith("data:audio/mpeg;base64,")
    assert all(one["picture"].startswith("data:image/webp") for one in data[0]["shown"])
    assert len(page) < 120_000


def table():
    rows = [
        {"method": method, "task": task, "shots": shots, "accuracy": 0.5, "low": 0.4, "high": 0.6, "models": 3}
        for method in ("dtw-pixels", "siamese", "chance")
        for task in ("speech", "multimodal")
        for shots in (1, 3, 5)
    ]
    found = pd.DataFrame(rows).assign(episodes=400, corpus="made-up digits")
    return found.assign(accuracy_difference=0.123, accuracy_difference_low=0.01, accuracy_difference_high=0.2)


def test_the_table_has_the_fewest_and_the_most_examples():
    html = robot.accuracies_html(table(), "Accuracy")
    assert "1 example a class" in html
    assert "5 examples a class" in html
    assert "3 examples" not in html
    assert html.count("+12.3") == 8  # of two methods, the first is what they are compared with
    assert "made-up digits" in html
    one = robot.accuracies_html(table().query("shots == 1"), "Accuracy")
    assert "examples a class" not in one


@pytest.mark.parametrize("loud", [0.0, 1e-3, 1.0])
def test_words_are_as_loud_as_each_other_and_silence_stays_silent(loud):
    samples = np.sin(np.arange(RATE // 2) * 0.2).astype(np.float32) * loud
    assert robot._sound(samples, RATE).startswith("data:audio/mpeg;base64,")
