"""Parts through the steps, on the runs of the preset ``smoke``."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vgsnb import steps, summary
from vgsnb.errors import UserError
from vgsnb.further import PARTS
from vgsnb.report import tables
from vgsnb.settings import Settings, load_settings, read_book

SYSTEM = ["architecture", "method"]


def recipe(name: str, **numbers: object) -> Settings:
    return load_settings("smoke", {"further": numbers}, name)


def model(settings: Settings, architecture: str) -> str:
    return steps.trained(settings, architecture, "VGS", 1).folder.name


def about(smoke: Path, folder: str) -> dict:
    return json.loads((smoke / "steps" / folder / "complete.json").read_text())["numbers"]


def test_there_is_a_recipe_for_each_part_and_the_chapter_tries_all_in_order() -> None:
    recipes = read_book()["recipes"]
    assert all(recipes[name]["further"]["parts"][0] == name for name in PARTS)
    assert load_settings("paper-parts")["further"]["recipes"] == [
        "calibrated", "units", "rivals", *list(PARTS)[2:], "together",
    ]  # fmt: skip
    assert len(load_settings("paper-parts")["further"]["seeds"]) == 3
    outside = load_settings("paper-outside")["further"]["recipes"]
    assert {*load_settings("paper-parts")["further"]["recipes"], *outside} == {
        name for name in recipes if not name.startswith("released")
    }


def test_only_what_a_part_concerns_is_made_anew(smoke: Path) -> None:
    paper = load_settings("smoke")
    for same in ("calibrated", "smoothed", "contrasted", "ensemble", "top-k"):
        assert model(recipe(same), "CNN-Attend") == model(paper, "CNN-Attend")
    assert model(recipe("two-heads"), "PSC") == model(paper, "PSC")
    for other in ("two-heads", "crops", "averaged", "separated", "quiet", "refined", "pictured"):
        assert model(recipe(other), "CNN-Attend") != model(paper, "CNN-Attend")
    assert "further" not in about(smoke, model(paper, "CNN-Attend"))
    numbers = about(smoke, model(recipe("crops"), "PSC"))["further"]
    assert numbers == {"parts": ["crops"], "crop": [0.5, 2.0], "crop_share": 0.5}
    assert model(recipe("crops", smoothing=0.6), "PSC") == model(recipe("crops"), "PSC")
    assert model(recipe("crops", crop_share=1.0), "PSC") != model(recipe("crops"), "PSC")


def test_models_fit_the_features_of_a_recipe(smoke: Path) -> None:
    settings = load_settings("smoke", {"features": {"kind": "log-mel"}})
    result = steps.trained(settings, "CNN-Attend", "VGS", 1)
    assert result.model.sizes["features"] == 80
    assert steps.scores(settings, "CNN-Attend", "VGS", 1, "test").notna().all(axis=None)


def test_a_part_that_is_none_and_parts_with_departures_are_refused(smoke: Path) -> None:
    with pytest.raises(UserError, match="part 'crop'; choose one of: calibrated"):
        steps.trained(load_settings("smoke", {"further": {"parts": ["crop"]}}), "PSC", "VGS", 1)
    with pytest.raises(UserError, match="departures of the released code and parts that go further: keep either"):
        steps.trained(load_settings("smoke", {"departures": ["all"]}, "crops"), "PSC", "VGS", 1)


def test_calibration_matches_development_audio_with_the_taggers_captions(smoke: Path) -> None:
    settings, paper = recipe("calibrated"), load_settings("smoke")
    said = steps.said_of_pictures(settings, "tagger", "fraction")
    assert steps.expected_shares(settings).to_dict() == said.mean()[list(steps.keywords(settings))].to_dict()
    calibrated = steps.scores(settings, "PSC", "VGS", 1, "dev", every=True)
    found, wanted = (calibrated > 0.5).mean(), steps.expected_shares(settings)
    assert (found - wanted).abs().max() <= 0.5 / len(calibrated) + 1e-9
    test = [steps.scores(numbers, "PSC", "VGS", 1, "test") for numbers in (paper, settings)]
    assert not test[0].equals(test[1])
    assert test[0].rank().equals(test[1].rank())


def test_an_ensemble_is_the_mean_of_neighbouring_seeds_and_a_second_student_learns_from_the_first(smoke: Path) -> None:
    paper = load_settings("smoke")
    members = [steps.scores(paper, "PSC", "VGS", seed, "test") for seed in (1, 2)]
    found = steps.scores(recipe("ensemble", members=[0, 1]), "PSC", "VGS", 1, "test")
    np.testing.assert_allclose(found, (members[0] + members[1]) / 2, rtol=1e-6)
    unchanged = steps.trained(recipe("refined", own_share=0.0), "PSC", "VGS", 1)
    refined = steps.trained(recipe("refined"), "PSC", "VGS", 1)
    assert unchanged.history["train_loss"].tolist() == pytest.approx(
        steps.trained(paper, "PSC", "VGS", 1).history["train_loss"].tolist(), abs=1e-6
    )
    assert (unchanged.history["train_loss"] != refined.history["train_loss"]).all()


def test_what_trains_alike_is_trained_once(smoke: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = list[tuple[str, str, int]]()
    monkeypatch.setattr(steps, "trained", lambda *system: trained.append((system[0].recipe, *system[1::2])))
    monkeypatch.setattr(steps.devices, "processors", lambda: 1)
    variants = [load_settings("smoke"), recipe("calibrated"), recipe("ensemble", members=[0, 1]), recipe("pictured")]
    steps.train_all(variants, ["PSC", "CNN-Attend"], ["VGS"], [1, 2])
    # the ensemble asks for the paper's models of seeds 2 and 3 before the paper's recipe does
    first = (("paper", 1), ("ensemble", 2), ("ensemble", 3))
    papers = [(name, model, seed) for name, seed in first for model in ("PSC", "CNN-Attend")]
    assert sorted(trained) == sorted([*papers, ("pictured", "CNN-Attend", 1), ("pictured", "CNN-Attend", 2)])


def test_the_summary_has_a_row_for_each_recipe_that_can_change_it(smoke: Path) -> None:
    table = pd.read_csv(smoke / "summary" / "further.csv")
    localisation = pd.read_csv(smoke / "summary" / "localisation.csv").columns[:14].tolist()
    assert list(table.columns[:19]) == [*localisation, "precision", "recall", "f1", "p10", "related_accuracy"]
    assert {f"{name}_difference{bound}" for name in summary.REACHED for bound in ("", "_low", "_high")} <= set(table)
    assert not table.duplicated([*SYSTEM, "recipe", "seed"]).any()
    models = table[table["architecture"] != summary.EARS]
    rows = {name: set(group[SYSTEM].itertuples(index=False, name=None)) for name, group in models.groupby("recipe")}
    attending = {("CNN-Attend", "attention"), ("CNN-Attend", "masked-in")}
    assert rows["paper"] == rows["calibrated"] == {*attending, ("PSC", "score-aggregation")}
    assert rows["two-heads"] == {*attending, ("CNN-Attend", "frame-head")}
    assert rows["units"] == {("CNN-Attend", "units")}
    ears = table[table["architecture"] == summary.EARS]
    aims = ("cross-entropy", "cross-entropy, calibrated", "association, calibrated")
    assert ears["objective"].tolist() == [*aims, "association against rivals, calibrated"]
    assert ears["recipe"].tolist() == ["paper", "calibrated", "units", "together"]
    assert rows["pictured"] == attending
    assert rows["together"] == {("CNN-Attend", "units")}
    assert (table["related_accuracy"] >= table["oracle_accuracy"]).all()
    assert models.query("method != 'units'")["dev_loss"].between(0, 5).all()


def test_pictured_learns_from_what_the_tagger_sees_and_is_kept_as_the_papers_model(smoke: Path) -> None:
    paper, settings = load_settings("smoke"), recipe("pictured")
    pictures = steps.pictures_of(settings, "train")
    assert pictures.seen.shape == (24, 16)  # of eight channels mean and maximum
    assert (pictures.seen.to_numpy() >= 0).all()
    assert pictures.shown.index.tolist() == steps.targets(settings, "VGS", "train").index.tolist()
    ours, theirs = (steps.trained(each, "CNN-Attend", "VGS", 1).model for each in (settings, paper))
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    assert model(recipe("pictured", contrast=0.5), "CNN-Attend") != model(settings, "CNN-Attend")
    assert model(settings, "PSC") == model(paper, "PSC")
    together = recipe("together")
    assert model(together, "CNN-Attend") == model(settings, "CNN-Attend")
    units = [steps.units_of(each, "CNN-Attend", "VGS", 1).centres for each in (together, recipe("units"))]
    assert not np.array_equal(*units)


def test_units_detect_and_place_with_the_papers_model(smoke: Path) -> None:
    paper, settings = load_settings("smoke"), recipe("units")
    assert model(settings, "CNN-Attend") == model(paper, "CNN-Attend")
    known = steps.units_of(settings, "CNN-Attend", "VGS", 1)
    assert known.centres.shape == (40, 16)
    places = steps.places(settings, "CNN-Attend", "VGS", 1, "units")
    found = steps.uncalibrated(settings, "CNN-Attend", "VGS", 1, "test")
    pairs = [found.loc[row.utterance_id, row.keyword] for row in places.itertuples()]
    np.testing.assert_allclose(1 / (1 + np.exp(-places["score"])), pairs, atol=0.02)  # bfloat16 where that is faster
    assert not found.equals(steps.uncalibrated(paper, "CNN-Attend", "VGS", 1, "test"))
    rivals = steps.units_of(recipe("rivals"), "CNN-Attend", "VGS", 1)
    assert np.array_equal(rivals.centres, known.centres)
    assert np.array_equal(rivals.association.argmax(axis=1), known.association.argmax(axis=1))
    assert (rivals.association <= known.association).all()
    assert (rivals.association < known.association).any()
    fewer = recipe("units", units={"count": 20})
    assert steps.units_of(fewer, "CNN-Attend", "VGS", 1).centres.shape == (20, 16)


def test_differences_are_to_the_papers_recipe_of_the_same_seed(smoke: Path) -> None:
    table = pd.read_csv(smoke / "summary" / "further.csv").query(f"architecture != '{summary.EARS}'")
    paper = table[table["recipe"] == "paper"].set_index([*SYSTEM, "seed"])
    for row in table.to_dict("records"):
        base = paper.loc[(row["architecture"], row["against"], row["seed"])]
        for name in summary.REACHED:
            assert row[f"{name}_difference"] == pytest.approx(row[name] - base[name], nan_ok=True)
    assert set(table.loc[table["method"] == "frame-head", "against"]) == {"masked-in"}
    still = table[table["recipe"] == "calibrated"]
    assert (still[["oracle_accuracy_difference", "p10_difference", "spotting_p10_difference"]] == 0).all(axis=None)
    assert (still["f1_difference"] != 0).any()
    aims = tables.reached(pd.read_csv(smoke / "summary" / "further.csv"))
    assert len(aims) == 3 * len(table)


def test_a_recipe_with_another_teacher_has_perfect_ears_of_its_own_and_no_loss_to_be_compared(smoke: Path) -> None:
    variants = [load_settings("smoke", {}, name) for name in ("paper", "better-teacher")]
    table = summary.further(variants, [1]).set_index("recipe")
    heard = table[table["architecture"] != summary.EARS]
    assert heard["dev_loss"].isna().eq(heard.index == "better-teacher").all()
    ears = table.loc[table["architecture"] == summary.EARS, "objective"]
    assert ears.to_dict() == {"paper": "cross-entropy", "better-teacher": "cross-entropy, better teacher"}
    wanted = heard.index.map({"paper": "cross-entropy", "better-teacher": "cross-entropy, better teacher"})
    assert heard["objective"].tolist() == wanted.tolist()
