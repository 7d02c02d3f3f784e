"""Published numbers, ours beside them, and the HTML of the tables."""

from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from vgsnb.errors import UserError
from vgsnb.further import Part
from vgsnb.released import Departure
from vgsnb.report import tables

SYSTEMS = [
    ("PSC", "score-aggregation"), ("CNN-Pool", "grad-cam"), ("CNN-Attend", "attention"), ("CNN-Attend", "masked-in"),
    ("CNN-PoolAttend", "attention"), ("CNN-PoolAttend", "masked-in"), ("CNN-PoolAttend", "masked-out"),
]  # fmt: skip


def summary(systems, metrics, seed=0):
    """A summary with random values, and intervals for the first metric only."""
    rng = np.random.default_rng(seed)
    rows = [
        {"architecture": a, "method": m, "supervision": s, "seed": 1, "theta": 0.5}
        | {metric: rng.random() for metric in metrics}
        for s in ("BoW", "VGS")
        for a, m in systems
    ]
    table = pd.DataFrame(rows)
    return table.assign(
        **{f"{metrics[0]}_low": table[metrics[0]] - 0.02, f"{metrics[0]}_high": table[metrics[0]] + 0.02}
    )


@pytest.fixture
def localisation():
    extra = [("CNN-Attend", "chance-random"), ("CNN-Attend", "chance-middle"), ("perfect-ears", "attribution")]
    return summary([*SYSTEMS, *extra], tables.PLACED)


@pytest.fixture
def detection():
    systems = [(name, "") for name in ("PSC", "CNN-Pool", "CNN-Attend", "CNN-PoolAttend", "permuted")]
    return summary(systems, tables.FOUND).drop(columns="method")


@pytest.fixture
def resamples(localisation):
    """Every system the same luck in a resample, so that differences between two of them have none."""
    luck = np.linspace(-0.05, 0.05, 21)
    rows = localisation.set_index(tables.SYSTEM)[list(tables.PLACED)].stack()
    rows = rows[[not name[0].startswith("perfect") for name in rows.index]]
    return pd.DataFrame({name: value + luck for name, value in rows.items()})


def parsed(html: str) -> ElementTree.Element:
    """The tables of the HTML, as a tree: fails on anything that is not closed or not escaped."""
    return ElementTree.fromstring(f"<div>{html}</div>")


def texts(html: str, tag: str) -> list[str]:
    return ["".join(element.itertext()) for element in parsed(html).iter(tag)]


def test_published_holds_every_cell_of_the_tables():
    table = tables.published()
    assert table.groupby(["paper", "table"]).size().to_dict() == {
        (2021, "1"): 24, (2021, "2"): 24, (2021, "text"): 4, (2022, "II"): 48, (2022, "III"): 18, (2022, "IV"): 12,
    }  # fmt: skip
    assert table["value"].between(0, 1).all()
    assert not table.duplicated(["paper", "table", *tables.SYSTEM, "metric"]).any()


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ((2022, "II", "CNN-Attend", "masked-in", "BoW", "oracle_accuracy"), 0.875),
        ((2022, "II", "PSC", "score-aggregation", "VGS", "spotting_p10"), 0.082),
        ((2022, "III", "CNN-PoolAttend", "masked-in", "VGS", "precision"), 0.351),
        ((2022, "IV", "CNN-Attend", "attention", "VGS", "spotting_pn"), 0.249),
        ((2021, "1", "CNN-Pool", "grad-cam", "BoW", "actual_recall"), 0.321),
        ((2021, "2", "PSC", "", "VGS", "recall"), 0.07),
    ],
)
def test_published_cells(cell, value):
    rows = tables.published().set_index(["paper", "table", *tables.SYSTEM, "metric"])
    assert rows.loc[cell, "value"] == value


def test_published_f1_follow_from_precision_and_recall_and_tables_agree():
    table = tables.published()
    for prefix in ("", "actual_"):
        wide = table.pivot_table(index=["paper", "table", *tables.SYSTEM], columns="metric", values="value")
        wide = wide[[f"{prefix}precision", f"{prefix}recall", f"{prefix}f1"]].dropna()
        p, r, f1 = wide.to_numpy().T
        assert len(wide) > 8
        assert f1 == pytest.approx(2 * p * r / (p + r), abs=0.0015)
    again = table[(table["paper"] == 2022) & table["metric"].isin(tables.HEADLINE)]
    assert (again.groupby([*tables.SYSTEM, "metric"])["value"].nunique() == 1).all()


def test_compare_puts_ours_beside_every_cell(localisation, detection):
    compared = tables.compare(localisation, detection)
    assert len(compared) == len(tables.published())
    row = compared.query(
        "table == 'II' and architecture == 'PSC' and supervision == 'VGS' and metric == 'oracle_accuracy'"
    ).iloc[0]
    ours = localisation.query("architecture == 'PSC' and supervision == 'VGS'").iloc[0]
    assert row["ours"] == ours["oracle_accuracy"]
    assert (row["low"], row["high"]) == (ours["oracle_accuracy_low"], ours["oracle_accuracy_high"])
    assert row["difference"] == pytest.approx(ours["oracle_accuracy"] - 0.137)
    found = compared.query(
        "table == 'III' and metric == 'f1' and method == 'masked-in' and architecture == 'CNN-Attend'"
    ).iloc[0]
    assert found["ours"] == detection.query("architecture == 'CNN-Attend' and supervision == 'VGS'")["f1"].item()
    missing = compared[compared["method"] == "masked-out"]
    assert missing.loc[missing["architecture"] == "CNN-Attend", "ours"].isna().all()


def test_compare_takes_the_nearest_threshold_and_keeps_seeds_apart(localisation, detection):
    low = detection.assign(theta=0.4, f1=0.123)
    other = detection.assign(seed=2)
    compared = tables.compare(localisation, pd.concat([low, detection, other])).query("table == '2' and metric == 'f1'")
    first = compared[compared["seed"] == 1].set_index(["architecture", "supervision"])
    assert (first.loc[(slice(None), "BoW"), "ours"] == 0.123).all()
    assert (first.loc[(slice(None), "VGS"), "ours"] != 0.123).all()
    assert compared["seed"].tolist().count(2) == 8


def test_a_summary_without_a_column_is_refused(localisation, detection):
    with pytest.raises(UserError, match="spotting_pn"):
        tables.compare(localisation.drop(columns="spotting_pn"), detection)


def test_comparison_marks_the_best_of_ours_and_of_the_paper(localisation, detection):
    compared = tables.compare(localisation, detection)
    html = tables.comparison_html(compared, "II", paper=2022)
    cells, heads = texts(html, "td"), texts(html, "th")
    assert len(cells) == 48
    assert sum("*" in cell for cell in cells) == 6
    assert sum("best" in (cell.get("class") or "") for cell in parsed(html).iter("td")) == 6
    assert "CNN-Attend, masked-in" in heads
    assert "CNN-Attend, masked-out" in heads  # not made by us, still in the paper's table
    with pytest.raises(UserError, match="III of 2022"):
        tables.comparison_html(compared, "VII", paper=2022)


def test_best_model_is_marked_and_not_chance_or_perfect_ears(localisation, detection):
    html = tables.localisation_html(localisation)
    marked = [cell for cell in parsed(html).iter("td") if cell.get("class") == "best"]
    assert len(marked) == 2 * len(tables.PLACED)
    aside = [row for row in parsed(html).iter("tr") if row.get("class") == "aside"]
    assert len(aside) == 6
    assert not any(cell.get("class") == "best" for row in aside for cell in row.iter("td"))
    assert "perfect-ears (uses text)" in texts(html, "th")
    eer = detection[detection["architecture"] != "permuted"].groupby("supervision")["eer"].min()
    rows = [row for row in parsed(tables.detection_html(detection)).iter("tr") if row.get("class") == "ours"]
    best = {"".join(row[7].itertext()) for row in rows if row[7].get("class") == "best"}
    assert best == {f"{100 * value:.1f}" for value in eer}


def test_what_is_the_same_in_every_row_is_said_once(localisation):
    one = localisation.query("architecture == 'PSC' and supervision == 'VGS'")
    heads = texts(tables.localisation_html(one), "th")
    assert "Architecture" not in heads
    assert "Method" in heads
    assert texts(tables.localisation_html(one), "b")[0] == "Localisation, PSC, VGS"
    assert {"Architecture", "Supervision"} <= set(texts(tables.localisation_html(localisation), "th"))


def test_penalty_and_pooling_are_differences_within_a_system(localisation, resamples):
    penalty = tables.supervision_penalty(localisation, resamples)
    row = penalty.query("architecture == 'CNN-Attend' and method == 'masked-in' and metric == 'actual_f1'").iloc[0]
    values = localisation.query("architecture == 'CNN-Attend' and method == 'masked-in'").set_index("supervision")[
        "actual_f1"
    ]
    assert row["ours"] == pytest.approx(values["BoW"] - values["VGS"])
    assert row["published"] == pytest.approx(0.798 - 0.249)
    assert "perfect-ears" not in set(penalty["architecture"])
    assert not penalty["method"].str.startswith("chance").any()
    pooling = tables.pooling_effect(localisation, resamples)
    assert set(pooling["method"]) == {"attention", "masked-in"}
    row = pooling.query("method == 'attention' and supervision == 'VGS' and metric == 'oracle_accuracy'").iloc[0]
    assert row["published"] == pytest.approx(0.165 - 0.460)
    assert "−29.5" in tables.pooling_effect_html(pooling)
    assert len(texts(tables.penalty_html(penalty), "td")) == len(penalty)


def test_intervals_of_differences_are_paired(localisation, resamples):
    penalty = tables.supervision_penalty(localisation, resamples)
    assert penalty["low"].to_numpy() == pytest.approx(penalty["ours"].to_numpy())
    assert penalty["high"].to_numpy() == pytest.approx(penalty["ours"].to_numpy())
    alone = ("PSC", "score-aggregation", "BoW", "oracle_accuracy")
    resamples[alone] = resamples[alone].to_numpy()[::-1]
    row = tables.supervision_penalty(localisation, resamples).iloc[0]
    assert tuple(row[["architecture", "method", "metric"]]) == (alone[0], alone[1], alone[3])
    assert (row["high"] - row["ours"], row["ours"] - row["low"]) == pytest.approx((0.095, 0.095))


def test_every_table_names_its_corpus(localisation, detection, resamples):
    name = "Flickr8k, <i>synthesised</i> speech"
    here, there = localisation.assign(corpus=name), detection.assign(corpus=name)
    compared = tables.compare(here, there)
    located = pd.DataFrame({"keyword": ["a"], "rank": 1, "word": "a", "count": 3, "right": True, "corpus": name})
    expected = pd.DataFrame({"keyword": ["a"], "expected": [("b",)], "located": [("c",)], "appears": [True]})
    aims = pd.DataFrame({"aim": ["F1"], "least": [0.75], "ours": [0.8], "met": [True], "corpus": name})
    card = pd.DataFrame({"statistic": ["a"], "flickr8k": 1, "low": 0, "high": 2, "ours": 1, "met": True})
    voices = pd.DataFrame({"architecture": ["PSC"], "supervision": "BoW", "f1 test": 0.5, "f1 test-seen": 0.6})
    shown = [
        tables.localisation_html(here),
        tables.detection_html(there),
        *(tables.comparison_html(compared, table, paper) for paper, table in tables.CAPTIONS),
        tables.penalty_html(tables.supervision_penalty(here, resamples)),
        tables.pooling_effect_html(tables.pooling_effect(here, resamples)),
        tables.located_html(located),
        tables.confusions_html(expected.assign(corpus=name)),
        tables.aims_html(aims),
        tables.card_html(card.assign(corpus=name)),
        tables.voices_html(voices.assign(corpus=name)),
        tables.seeds_html(pd.concat([here.assign(seed=seed, f1=0, p10=0, average_precision=0) for seed in (1, 2)])),
        tables.kinds_html(pd.DataFrame({"kind": ["correct"], "corpus": name})),
    ]
    assert [html.count("Flickr8k, &lt;i&gt;synthesised&lt;/i&gt; speech</b>") for html in shown] == [1] * len(shown)
    assert texts(tables.localisation_html(localisation), "b")[0] == "Localisation"


def test_tables_of_what_is_there_when_systems_are_missing(localisation, detection, resamples):
    few = localisation.query("architecture in ['PSC', 'CNN-Attend']")
    assert set(tables.supervision_penalty(few, resamples)["architecture"]) == {"PSC", "CNN-Attend"}
    assert tables.pooling_effect(few, resamples).empty
    assert {"method", "ours", "low", "high"} <= set(tables.pooling_effect(few, resamples))
    compared = tables.compare(few, pd.DataFrame())
    assert len(compared) == len(tables.published())
    ours = compared.dropna(subset="ours")
    assert set(ours["architecture"]) == {"PSC", "CNN-Attend"}
    assert set(ours["metric"]) <= set(tables.PLACED)
    assert len(texts(tables.comparison_html(compared, "II", paper=2022), "td")) == 48
    nothing = tables.compare(pd.DataFrame(), pd.DataFrame())
    assert nothing["ours"].isna().all()
    assert texts(tables.comparison_html(nothing, "2", paper=2021), "b")[0] == tables.CAPTIONS[2021, "2"]


def test_without_captions_in_other_voices_a_sentence_says_so():
    assert tables.voices_html(pd.DataFrame()).startswith("<p><em>This corpus has its test captions in one voice")


def test_several_seeds_are_a_mean_between_the_lowest_and_the_highest():
    names = {"architecture": "CNN-Attend", "method": "attention", "supervision": "VGS", "theta": 0.5, "corpus": "A"}
    rows = [{**names, "seed": seed, **dict.fromkeys(tables.SEEDED, 0.1 * seed)} for seed in (1, 2, 6)]
    html = tables.seeds_html(pd.DataFrame(rows))
    assert texts(html, "td") == ["30.0[10.0, 60.0]"] * len(tables.SEEDED)
    assert "seeds 1, 2, 6" in html
    assert "one seed, 6" in tables.seeds_html(pd.DataFrame(rows[2:]))


def test_text_of_a_corpus_is_escaped():
    located = pd.DataFrame(
        {"keyword": ["<b>dog"], "rank": [1], "word": ["<script>x</script>"], "count": [3], "right": [False]}
    )
    html = tables.located_html(located)
    assert "<script>" not in html
    assert texts(html, "td") == ["<script>x</script> 3"]
    assert '<th scope="col" class="text">1</th>' in html  # above the beginning of its words
    expected = pd.DataFrame({"keyword": ["a"], "expected": [("<i>",)], "located": [("b&c",)], "appears": [True]})
    assert texts(tables.confusions_html(expected), "td") == ["<i>", "b&c", "✓ yes"]


def test_small_tables():
    aims = pd.DataFrame({"aim": ["F1"], "least": [0.75], "ours": [0.8], "met": [True]})
    assert texts(tables.aims_html(aims), "td") == ["0.75", "0.800", "✓ yes"]
    kinds = pd.DataFrame({"kind": ["correct", "outright wrong"] * 50})
    assert texts(tables.kinds_html(kinds), "td")[:8] == [
        "48.0", "50.0", "[40.4, 59.6]", "+2.0", "39.0", "50.0", "[40.4, 59.6]", "+11.0",
    ]  # fmt: skip
    card = pd.DataFrame(
        {"statistic": ["words", "tags"], "flickr8k": [1935, 0.4], "low": [800, 0.38], "high": [np.inf, 0.48],
         "ours": [903, np.nan], "met": pd.array([True, None], dtype="boolean")}
    )  # fmt: skip
    assert texts(tables.card_html(card), "td") == [
        "1,935",
        "at least 800",
        "903",
        "✓ yes",
        "0.4",
        "0.38 to 0.48",
        "–",
        "–",
    ]
    voices = pd.DataFrame(
        {"architecture": ["PSC"], "supervision": ["BoW"], "seed": [1], "f1 test": [0.5], "f1 test-seen": [0.6]}
    )
    assert texts(tables.voices_html(voices), "td") == ["50.0", "60.0"]


def test_departures_stand_beside_the_papers_recipe_and_what_moves_a_number_is_marked():
    rows = [
        ("paper", 0.5, 0.0, 0.0, 0.0),
        ("released-last-peak", 0.3, -0.2, -0.3, -0.1),
        ("released", 0.6, 0.1, -0.1, 0.3),
    ]
    names = ["recipe", "f1", *(f"f1_difference{bound}" for bound in ("", "_low", "_high"))]
    table = pd.DataFrame(rows, columns=names).assign(f1_low=0.2, f1_high=0.7, theta=0.5, architecture="PSC")
    html = tables.departures_html(table.assign(method="score-aggregation", supervision="VGS"))
    system = "PSC, score-aggregation, VGS"
    assert texts(html, "th")[2:] == [
        *("Detection", "F1"), *(system, "none: the paper's recipe"), *(system, "last-peak"), *(system, "all together"),
    ]  # fmt: skip
    cells = ["50.0[20.0, 70.0]", "30.0[20.0, 70.0]−20.0 [−30.0, −10.0]", "60.0[20.0, 70.0]+10.0 [−10.0, +30.0]"]
    assert texts(html, "td") == cells
    assert html.count("<td class='best'>") == 1
    listed = tables.list_of_departures_html({"a": Departure("model", "It does <this>.", "It does that.")})
    assert texts(listed, "td") == ["It does <this>.", "It does that."]


def test_what_goes_further_stands_by_recipe_and_seed_and_perfect_ears_have_no_difference():
    rows = [("CNN-Attend", "paper", 1, 0.5, 0.0), ("CNN-Attend", "smoothed", 2, 0.7, 0.2)]
    rows.append(("perfect-ears", "paper", 1, 0.9, None))
    table = pd.DataFrame(rows, columns=["architecture", "recipe", "seed", "value", "difference"]).assign(
        method="attention", theta=0.5, objective="cross-entropy"
    )
    for metric in tables.BESIDE:
        table = table.assign(**{metric: table["value"], f"{metric}_low": 0.4, f"{metric}_high": 0.95})
        for bound in ("", "_low", "_high"):
            table[f"{metric}_difference{bound}"] = table["difference"]
    html = tables.further_html(table)
    found = texts(html, "td")
    assert found[:: len(tables.BESIDE)] == [
        "50.0[40.0, 95.0]",
        "70.0[40.0, 95.0]+20.0 [+20.0, +20.0]",
        "90.0[40.0, 95.0]",
    ]
    assert texts(html, "th")[-9:] == [
        *("CNN-Attend, attention", "none: the paper's recipe", "1"), *("CNN-Attend, attention", "smoothed", "2"),
        *("perfect-ears, attention", "cross-entropy (uses text)", "1"),
    ]  # fmt: skip
    assert html.count("<tr class='aside'>") == 1
    listed = tables.list_of_parts_html({"a": Part(3, ("training", "places"), "It does <this>.")})
    assert texts(listed, "td") == ["training, places", "It does <this>."]
    assert texts(listed, "th")[-2:] == ["a", "3"]


def test_a_gain_is_the_mean_over_seeds_and_marked_where_all_their_intervals_share_its_side():
    rows = [("smoothed", 1, 0.5, 0.2, 0.1, 0.3), ("smoothed", 2, 0.6, 0.1, 0.05, 0.2), ("paper", 1, 0.3, 0, 0, 0)]
    rows += [("crops", 1, 0.3, 0.0, -0.1, 0.1), ("crops", 2, 0.5, 0.1, 0.05, 0.2)]
    names = ["", "_difference", "_difference_low", "_difference_high"]
    table = pd.DataFrame([
        {"recipe": recipe, "seed": seed, "architecture": "PSC", "method": "score-aggregation", "corpus": "Photographs"}
        | {metric + name: value for metric in tables.BESIDE for name, value in zip(names, values, strict=True)}
        for recipe, seed, *values in rows
    ])  # fmt: skip
    html = tables.gains_html(pd.concat([table, table[:1].assign(architecture=tables.USES_TEXT)]))
    assert texts(html, "th")[-6:] == ["smoothed", "PSC", "score-aggregation", "crops", "PSC", "score-aggregation"]
    first, *_, last = texts(html, "td")
    assert first == "+15.0[+5.0, +30.0]55.0"
    assert last == "+5.0[−10.0, +20.0]40.0"
    assert html.count("class='best'") == len(tables.BESIDE)
    assert "over 2 seeds" in html
    assert "Photographs" in html


def test_what_is_reached_is_a_mean_over_seeds_beside_the_papers_best_method_and_perfect_ears():
    rows = [
        ("paper", "CNN-Attend", "attention", 1, 9, 0.4, 0.2, 0.3),
        ("paper", "CNN-Attend", "masked-in", 1, 9, 0.6, 0.1, 0.2),
        ("paper", "CNN-Attend", "masked-out", 1, 3, 0.8, 0.8, 0.8),
        ("best", "CNN-Attend", "attention", 1, 9, 0.7, 0.45, 0.5),
        ("best", "CNN-Attend", "attention", 2, 9, 0.9, 0.45, 0.5),
        ("best", "CNN-Attend", "masked-out", 2, 3, 0.9, 0.85, 0.95),
        ("few", "CNN-Attend", "masked-in", 2, 4, 0.9, 0.85, 0.95),
        ("paper", "perfect-ears", "attribution", 1, 9, 0.9, 0.5, 0.7),
    ]
    names = ["recipe", "architecture", "method", "seed", "n_utterances", *tables.AIMS]
    table = tables.reached(pd.DataFrame(rows, columns=names).assign(objective="plain", corpus="A"))
    found = table.query("recipe == 'best' and method == 'attention'").set_index("measure")
    assert found["ours"].tolist() == pytest.approx([0.8, 0.45, 0.5])
    assert found["ahead"].tolist() == pytest.approx([0.2, 0.25, 0.2])  # masked-out placed in others
    assert found["of_ears"].tolist() == pytest.approx([0.8 / 0.9, 0.9, 0.5 / 0.7])
    assert found["met"].tolist() == [True, True, False]
    fewer = table.query("recipe == 'best' and method == 'masked-out'")
    assert fewer["ahead"].tolist() == pytest.approx([0.1, 0.05, 0.15])
    assert fewer["of_ears"].isna().all()
    assert not table.query("recipe == 'few'")[["ahead", "of_ears"]].notna().any(axis=None)
    assert not table.loc[table["of_ears"].isna(), "met"].any()


def test_aims_of_what_goes_further_are_marked_as_reached_or_not():
    row = {"recipe": "smoothed", "architecture": "PSC", "method": "score-aggregation", "measure": "actual_f1"}
    near = {"ours": 0.5, "least": 0.4, "ahead": 0.11, "of_ears": 0.9}
    far = {"measure": "oracle_accuracy", "ours": 0.6, "least": 0.75, "ahead": 0.2, "of_ears": 0.7, "met": False}
    other = {**row, **far, "measure": "spotting_p10", "of_ears": float("nan")}  # of others than ears
    rows = [{**row, **near, "met": True}, {**row, **far}, other]
    html = tables.reached_html(pd.DataFrame(rows))
    assert texts(html, "td") == [
        "50.0+11.0 ahead90.0 of ears",
        "60.0+20.0 ahead70.0 of ears",
        "60.0+20.0 ahead– of ears",
    ]
    assert html.count("class='best'") == 1
    assert texts(html, "th")[-3:] == ["smoothed", "PSC", "score-aggregation"]
