"""Plots of spaces: they draw, in the book's style, and show the numbers that they were given."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from vgsnb.report import spaces

PICTURE = Image.new("RGB", (96, 96), "white")
BOXES = pd.DataFrame(
    {"left": [0.1, 0.5], "top": [0.2, 0.0], "right": [0.4, 1.0], "bottom": [0.6, 0.7], "figure": ["dog", ""]}
)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_regions_lie_where_they_are_and_figures_are_named() -> None:
    axes = spaces.regions([(PICTURE, BOXES), (PICTURE, BOXES[:1])])
    assert [len(ax.patches) for ax in axes] == [2, 1]
    assert axes[0].patches[0].get_bbox().extents == pytest.approx([0.1, 0.2, 0.4, 0.6])
    assert [text.get_text() for text in axes[0].texts] == ["dog"]
    assert axes[0].yaxis_inverted()  # tops of regions are small numbers, as in pictures


def test_cosines_have_a_line_for_each_kind_of_pair() -> None:
    names = [f"{part}_{kind}" for part in ("train", "dev") for kind in ("same", "different")]
    table = pd.DataFrame({"epoch": [1, 2], **{name: [0.1 * place, 0.2] for place, name in enumerate(names)}})
    ax = spaces.cosines(table)
    found = {line.get_label(): line.get_ydata().tolist() for line in ax.lines}
    assert found["training, same picture"] == [0.0, 0.2]
    assert found["development, other pictures"] == pytest.approx([0.3, 0.2])
    assert len(found) == 4


def test_learned_words_are_in_classes_from_rare_to_frequent() -> None:
    rows = [(epoch, start, 0.1 * epoch, 0.05, 7) for epoch in (1, 2) for start in (0, 10, 100)]
    ax = spaces.learned(pd.DataFrame(rows, columns=["epoch", "from", "average_precision", "chance", "words"]))
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["0 to 9 times (7 words)", "10 to 99 times (7 words)", "100 or more times (7 words)"]
    assert ax.lines[0].get_ydata().tolist() == pytest.approx([0.1, 0.2])


def test_words_and_figures_are_named_on_the_map() -> None:
    table = pd.DataFrame(
        {"kind": ["word", "word", "figure"], "name": ["dog", "run", "dog"], "x": [0.0, 1, 2], "y": [0.0, 1, 0]}
    )
    ax = spaces.together(table)
    assert sorted(text.get_text() for text in ax.texts) == ["dog", "dog", "run"]


def test_a_matchmap_shows_each_word_over_the_picture_in_the_order_of_speech() -> None:
    values = np.zeros((20, 6, 6))
    values[5:8, 0, 0] = 4.0
    words = pd.DataFrame({"word": ["wave", "surfer"], "start": [1.0, 0.25], "end": [1.4, 0.4]})
    axes = spaces.matchmap(values, np.arange(20) * 0.05, PICTURE, words)
    assert [ax.get_title() for ax in axes[:2]] == ["surfer", "wave"]
    assert axes[0].images[1].get_array()[0, 0] == pytest.approx(3.0)  # three of the four moments of the word
    assert axes[1].images[1].get_array().max() == 0
    assert axes[2].lines[0].get_ydata().max() == pytest.approx(4 / 36)
    axes[0].figure.canvas.draw()
