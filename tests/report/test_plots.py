"""Every plot: it draws, into given axes too, and shows the numbers it was given."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib import rcParams
from PIL import Image

from vgsnb.report import plots, tables

WORDS = pd.DataFrame({"word": ["a", "surfer", "rides", "a", "wave"], "start": [0.3, 0.4, 0.9, 1.3, 1.4]})
WORDS["end"] = [*WORDS["start"][1:], 2.0]
TIMES = np.arange(0.1, 2.2, 0.1)
KEYWORDS = ["ocean", "wave", "dogs", "beach"]


@pytest.fixture(autouse=True)
def closed(monkeypatch):
    before = dict(rcParams)
    yield
    assert dict(rcParams) == before  # a plot leaves everybody else's style alone
    plt.close("all")


def peak_at(time):
    return np.exp(-(((TIMES - time) / 0.1) ** 2))


def sound():
    return np.random.default_rng(0).normal(0, 0.1, 2 * 16000).astype("float32")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def ticks(ax):
    return [label.get_text() for label in ax.get_xticklabels()]


def history():
    return pd.DataFrame({"epoch": [1, 2, 3], "train_loss": [0.5, 0.4, 0.3], "dev_loss": [0.5, 0.4, 0.45]})


def by_keyword(values, detections=(1, 2, 0, 3)):
    return pd.DataFrame({"f1": values, "detections": detections}, index=KEYWORDS)


def departures():
    """Two departures of one system, both supervisions."""
    rows = [("paper", 0.0, 0.0, 0.0), ("released-last-peak", -0.2, -0.3, -0.1), ("released", 0.1, -0.1, 0.3)]
    names = ["recipe", *(f"f1_difference{bound}" for bound in ("", "_low", "_high"))]
    table = pd.DataFrame(rows, columns=names).assign(architecture="PSC", method="score-aggregation")
    return pd.concat([table.assign(supervision=name) for name in ("BoW", "VGS")])


def curves(place, said=((1.4, 2.0),), panels=2):
    """Panels of a figure of score maps, the highest score at ``place``, right or not as ``said`` has it."""
    right = any(start <= place <= end for start, end in said)
    rows = [
        *(("score", time, value) for time, value in zip(TIMES, peak_at(place), strict=True)),
        *(("loudness", time, 0.5) for time in TIMES),
        *(("border", time, np.nan) for time in WORDS["start"]),
        *(("said", *times) for times in said),
        ("place", place, float(right)),
        ("detection", np.nan, 0.875),
    ]
    table = pd.DataFrame(rows, columns=["what", "time", "value"]).assign(keyword="wave")
    return pd.concat([table.assign(panel=number) for number in range(1, panels + 1)])


def benchmarks():
    rows = [("dtw", "", 0, 80.0), ("masked_in_vs_single", "PSC", 2, 40.0), ("masked_in_vs_single", "PSC", 67, 0.5)]
    return pd.DataFrame(rows, columns=["name", "architecture", "keywords", "ratio"])


def shares():
    rows = [("CNN-Attend VGS", 0.3, 0.1, 0.2, 0.4), ("tagger", 0.1, 0.1, 0.5, 0.3)]
    return pd.DataFrame(rows, columns=["row", "correct", "variant", "semantic", "mistake"]).assign(seed=1)


def retrieval():
    rows = [("text", "exact", 1.0), ("text", "semantic", 0.8), ("tagger", "exact", 0.2), ("tagger", "semantic", 0.5)]
    table = pd.DataFrame(rows, columns=["row", "relevance", "p10"])
    return table.assign(p10_low=table["p10"] - 0.1, p10_high=table["p10"] + 0.1)


DRAWN = {
    "overview": lambda ax: plots.overview(ax=ax),
    "masking_illustration": lambda ax: plots.masking_illustration(ax=ax),
    "attention_network": lambda ax: plots.attention_network(ax=ax),
    "learning_curves": lambda ax: plots.learning_curves(history(), ax=ax),
    "prevalence": lambda ax: plots.prevalence(pd.Series([0.1, 0.2, 0.05, 0.3], KEYWORDS), ["wave"], ax=ax),
    "average_precision": lambda ax: plots.average_precision(
        pd.DataFrame({"keyword": KEYWORDS, "average_precision": [0.1, 0.4, 0.3, 0.2], "prevalence": 0.05}), ax=ax
    ),
    "reliability": lambda ax: plots.reliability(
        pd.DataFrame({"tag": [0.1, 0.5], "share": [0.2, 0.4], "count": [1000, 3]}), ax=ax
    ),
    "threshold_curves": lambda ax: plots.threshold_curves(
        {"PSC VGS": pd.DataFrame({"theta": [0.1, 0.5, 0.9], "f1": [0.2, 0.6, 0.1]})}, 0.5, ax=ax
    ),
    "kinds": lambda ax: plots.kinds(shares(), ["correct", "variant", "semantic", "mistake"], ax=ax),
    "measure": lambda ax: plots.measure(retrieval(), "p10", "relevance", "P@10", ax=ax),
    "keyword_f1": lambda ax: plots.keyword_f1(by_keyword([0.1, 0.4, 0.0, 0.2]), ax=ax),
    "grounding": lambda ax: plots.grounding(
        pd.Series([0.1, 0.2, 0.4, 0.3], KEYWORDS), pd.Series([0.2, 0.1, 0.6, 0.5], KEYWORDS), ax=ax
    ),
    "tagged_picture": lambda ax: plots.tagged_picture(
        Image.new("RGB", (96, 96)), pd.Series([0.1, 0.9, 0.3, 0.5], KEYWORDS), pd.Series({"wave": True}), ax=ax, most=3
    ),
    "differences": lambda ax: plots.differences(departures(), "f1", ax=ax),
    "features": lambda ax: plots.features(np.zeros((50, 39)), np.arange(50) * 0.02, ax=ax),
    "ratios": lambda ax: plots.ratios(benchmarks(), ax=ax),
    "examples": lambda ax: plots.examples(
        {"digits": np.eye(8)[None].repeat(3, 0), "background": np.zeros((2, 8, 8))}, ax=ax
    ),
    "taken": lambda ax: plots.taken(
        pd.DataFrame({"asked": ["oh", "oh", "one"], "taken": ["oh", "one", "one"], "share": [0.3, 0.7, 1.0]}), ax=ax
    ),
    "score_map": lambda ax: plots.score_map(sound(), 16000, WORDS, peak_at(1.6), TIMES, "wave", ax=ax),
}


@pytest.mark.parametrize("name", DRAWN)
def test_draws_by_itself_and_into_given_axes(name):
    own = DRAWN[name](None)
    own.figure.canvas.draw()
    assert own.figure.get_facecolor() == (1, 1, 1, 1)
    assert 7 <= own.figure.get_size_inches()[0] <= 8 or name == "tagged_picture"
    figure, given = plt.subplots()
    assert DRAWN[name](given) is given
    figure.canvas.draw()


@pytest.mark.parametrize("name", ["overview", "masking_illustration", "attention_network"])
def test_no_word_of_a_drawing_covers_another_or_leaves_the_picture(name):
    ax = DRAWN[name](None)
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    page = ax.figure.bbox
    for number, box in enumerate(boxes):
        assert page.x0 <= box.x0
        assert box.x1 <= page.x1
        assert not any(box.overlaps(other) for other in boxes[:number]), ax.texts[number].get_text()


def test_every_plot_is_drawn_here():
    assert set(plots.__all__) == {*DRAWN, "comparison", "curves", "growth", "shots"}


def test_the_kept_epoch_is_that_of_the_lowest_development_loss():
    labels = [text.get_text() for text in plots.learning_curves(history()).get_legend().get_texts()]
    assert labels == ["training", "development", "kept: epoch 2"]


def test_keywords_are_in_order_and_silent_ones_left_out():
    ax = plots.keyword_f1(by_keyword([0.1, 0.4, 0.9, 0.2]))
    assert ticks(ax) == ["wave", "beach", "ocean"]
    assert [bar.get_height() for bar in ax.patches] == [0.4, 0.2, 0.1]
    both = plots.keyword_f1({"VGS": by_keyword([0.1, 0.4, 0.9, 0.2]), "BoW": by_keyword([0.8, 0.8, 0.8, 0.8], [1] * 4)})
    assert [text.get_text() for text in both.get_legend().get_texts()] == ["VGS: 3 keywords", "BoW: 4 keywords"]
    assert ticks(both) == ["wave", "beach", "ocean", "dogs"]  # by VGS, then what it never detects


def test_a_benchmark_is_named_with_what_it_measured():
    ax = plots.ratios(benchmarks())
    names = ["dtw ", "masked in vs single PSC, 2 keywords", "masked in vs single PSC, 67 keywords"]
    assert [label.get_text() for label in ax.get_yticklabels()] == names[::-1]
    assert texts(ax) == ["0.5", "40.0", "80.0"]
    assert [bar.get_x() + bar.get_width() for bar in ax.patches] == [0.5, 40, 80]


def test_growth_has_a_column_a_quantity():
    rows = [
        ("keywords", 1, 2.0, 300),
        ("keywords", 67, 4.0, 400),
        ("recordings", 10, 1.0, 200),
        ("recordings", 20, 2.0, 200),
    ]
    axes = plots.growth(pd.DataFrame(rows, columns=["quantity", "value", "seconds", "peak_mib"]))
    axes[0, 0].figure.canvas.draw()
    assert [ax.get_xlabel() for ax in axes[1]] == ["keywords", "recordings"]
    assert axes[0, 1].lines[0].get_ydata().tolist() == axes[0, 1].lines[1].get_ydata().tolist() == [1, 2]


def test_prevalence_tells_scored_from_rare():
    ax = DRAWN["prevalence"](None)
    assert ticks(ax) == ["beach", "wave", "ocean", "dogs"]
    assert len({bar.get_facecolor() for bar in ax.patches[:4]}) == 2


def test_names_in_the_scatter_do_not_cover_each_other():
    rng = np.random.default_rng(0)
    names = [f"keyword{n}" for n in range(25)]
    ax = plots.grounding(pd.Series(rng.random(25), names), pd.Series(rng.random(25), names))
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    crossings = sum(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[:n])
    assert sorted(texts(ax)) == sorted(names)
    assert crossings <= 2
    assert "25 keywords" in ax.get_title(loc="left")


@pytest.mark.parametrize(
    ("time", "keyword", "verdict"),
    [(1.6, "wave", "rightly placed"), (0.6, "wave", "wrongly placed"), (0.6, "dogs", "not said")],
)
def test_score_map_says_whether_the_place_is_right(time, keyword, verdict):
    ax = plots.score_map(sound(), 16000, WORDS, peak_at(time), TIMES, keyword, title="masked-in", score=0.42)
    assert ax.get_title(loc="left") == f"masked-in: “{keyword}”, score 0.42, {verdict}"
    assert texts(ax) == WORDS["word"].tolist()
    located = [text.get_text() for text in ax.texts if text.get_fontweight() == "bold"]
    assert located == ["wave" if time == 1.6 else "surfer"]


def test_score_map_takes_flat_and_negative_scores():
    for alpha in (np.zeros(len(TIMES)), np.full(len(TIMES), -7.0)):
        plots.score_map(sound(), 16000, WORDS, alpha, TIMES, "wave").figure.canvas.draw()


def test_comparison_has_a_panel_a_measure_and_skips_what_is_missing():
    rows = tables.published().query("table == 'II'").rename(columns={"value": "published"})
    rows = rows.assign(ours=rows["published"] + 0.05, low=rows["published"], high=rows["published"] + 0.1)
    rows.loc[rows["architecture"] == "PSC", ["ours", "low", "high"]] = np.nan
    axes = plots.comparison(rows)
    axes[0].figure.canvas.draw()
    assert [ax.get_title(loc="left") for ax in axes] == ["Oracle accuracy", "Actual F1", "Spotting P@10"]
    assert [label.get_text() for label in axes[0].get_yticklabels()][-1] == "PSC\nscore-aggregation"
    drawn = np.concatenate([line.get_xdata() for line in axes[0].lines])
    assert 0.573 in drawn
    assert np.isclose(drawn, 0.573 + 0.05).any()


def test_strongest_tags_come_first_and_spoken_ones_are_bold():
    ax = DRAWN["tagged_picture"](None)
    assert texts(ax) == ["wave ✓", "0.90", "beach", "0.50", "dogs", "0.30"]
    assert [text.get_fontweight() for text in ax.texts] == ["bold", "bold", *["normal"] * 4]


def test_differences_have_a_line_a_departure_and_a_dot_a_supervision():
    ax = plots.differences(departures(), "f1")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["all together", "last-peak"]
    assert ax.get_title(loc="left") == "PSC, score-aggregation"
    zero, *dots = ax.lines
    assert list(zero.get_xdata()) == [0, 0]
    assert [list(line.get_xdata()) for line in dots] == [[-0.2, 0.1]] * 2
    assert [line.get_label() for line in dots] == ["BoW", "VGS"]


@pytest.mark.parametrize(
    ("place", "said", "verdict"),
    [(1.6, [(1.4, 2.0)], "rightly placed"), (0.5, [(1.4, 2.0)], "wrongly placed"), (0.5, [], "not said")],
)
def test_a_figure_of_score_maps_from_numbers_alone(place, said, verdict):
    axes = plots.curves(curves(place, said))
    assert len(axes) == 2
    for ax in axes:
        assert ax.get_title(loc="left") == f"“wave”, score 0.88, {verdict}"
        assert place in [line.get_xdata()[0] for line in ax.lines]
        assert not ax.texts


def test_differences_of_several_seeds_have_a_dot_each_and_one_name():
    table = pd.concat([departures().query("supervision == 'VGS'").assign(seed=seed) for seed in (1, 2, 3)])
    ax = plots.differences(table, "f1")
    dots = ax.lines[1:]
    assert [list(line.get_xdata()) for line in dots] == [[-0.2, 0.1]] * 3
    places = [line.get_ydata()[0] for line in dots]
    assert len({round(place, 6) for place in places}) == 3
    assert sum(places) / 3 == pytest.approx(round(sum(places) / 3))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["VGS"]


def test_a_bar_of_kinds_is_whole_and_the_first_system_is_on_top():
    ax = plots.kinds(shares(), ["correct", "variant", "semantic", "mistake"])
    ends = {}
    for bar in ax.patches:
        place = round(bar.get_y() + bar.get_height() / 2)
        ends[place] = max(ends.get(place, 0), bar.get_x() + bar.get_width())
    assert ends == pytest.approx({0: 1.0, 1: 1.0})
    assert [label.get_text() for label in ax.get_yticklabels()] == ["tagger", "CNN-Attend VGS"]
    two = plots.kinds(shares().assign(seed=[1, 2]), ["correct", "variant", "semantic", "mistake"])
    assert [label.get_text() for label in two.get_yticklabels()] == ["tagger, seed 2", "CNN-Attend VGS, seed 1"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["correct", "variant", "semantic", "mistake"]


def test_a_measure_has_a_dot_for_every_row_and_relevance():
    ax = plots.measure(retrieval(), "p10", "relevance", "P@10")
    dots = {line.get_label(): dict(zip(line.get_ydata().round(), line.get_xdata(), strict=True)) for line in ax.lines}
    assert dots == {"exact": {1: 1.0, 0: 0.2}, "semantic": {1: 0.8, 0: 0.5}}


def test_shots_have_a_panel_a_task_and_a_line_a_method():
    rows = [
        (method, task, shots)
        for method in ("dtw-pixels", "siamese", "chance")
        for task in ("speech", "image")
        for shots in (1, 2)
    ]
    table = pd.DataFrame(rows, columns=["method", "task", "shots"]).assign(accuracy=0.5, low=0.4, high=0.6)
    axes = plots.shots(table)
    assert [ax.get_title(loc="left") or ax.get_title() for ax in axes] == ["speech", "image"]
    assert [len(ax.lines) for ax in axes] == [3, 3]
