"""Every template is clean, and the whole matrix runs through papermill with the preset ``smoke``."""

import json
from itertools import product
from pathlib import Path

import nbformat
import pandas as pd
import papermill
import pytest

from vgsnb import keeping, runs
from vgsnb.evaluation.hits import TRANSLATION_KINDS
from vgsnb.files import project_folder
from vgsnb.report.stored import TABLES
from vgsnb.wordlearning.tasks import TASKS

TEMPLATES = sorted((project_folder() / "notebooks").glob("*.ipynb"))
LOCALISATION = (
    "architecture method supervision seed theta recipe n_utterances corpus oracle_accuracy "
    "actual_precision actual_recall actual_f1 spotting_p10 spotting_pn"
)
DETECTION = (
    "architecture supervision seed theta recipe n_utterances corpus precision recall f1 p10 pn eer average_precision"
)
OTHERS = ("flickr8k", "digits-recorded", "speed")  # runs of pages on another corpus, or on none
DIGITS = "synthesised and scikit-learn digits"
SEMANTIC = "row relevance p10 pn eer average_precision mean_average_precision spearman"
CROSSLINGUAL = "query_language speech_language model p10 pn eer average_precision"
TAGGING = "keyword average_precision prevalence"
WORDS = "task model median_rank mean_rank r1 r5 r10 r25 pool"
RETRIEVAL = "direction r1 r5 r10 median_rank chance_r10 pool"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_template_is_clean(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert sum("parameters" in cell.metadata.get("tags", []) for cell in code) == 1
    assert max(len(cell.source.splitlines()) for cell in code) < 15
    assert notebook.cells[0].source.startswith("# ")
    assert all(part in notebook.cells[0].source for part in ("What it shows", "What it costs", "What it needs"))
    parameters = next(cell for cell in code if "parameters" in cell.metadata.get("tags", []))
    assert parameters.metadata["nbmake"]["mock"]["preset"] == "smoke"  # nbmake looks for it in the cell alone
    assert set(parameters.metadata["nbmake"]["mock"]) <= set(papermill.inspect_notebook(str(path)))
    assert sum("live" in cell.metadata.get("tags", []) for cell in code) == 1


def test_every_run_is_whole_and_shows_no_error(smoke: Path) -> None:
    for run in runs.matrix(preset="smoke"):
        page = nbformat.read(smoke / run.id / "notebook.ipynb", as_version=4)
        outputs = [output for cell in page.cells if cell.cell_type == "code" for output in cell.outputs]
        assert outputs
        assert not [output for output in outputs if output.output_type == "error"]
        record = json.loads((smoke / run.id / "provenance.json").read_text())
        assert record["hashes"]
        assert (smoke / run.id / "metrics.json").is_file()


def test_training_runs_keep_model_history_and_scores(smoke: Path) -> None:
    for run in runs.matrix(preset="smoke"):
        if run.notebook.startswith("03"):
            names = {path.name for path in (smoke / run.id).iterdir()}
            assert {"model.safetensors", "model.yaml", "history.csv", "scores.parquet"} <= names


def test_a_run_with_a_seed_of_its_own_is_titled_by_it(smoke: Path) -> None:
    heads = [
        nbformat.read(smoke / name / "notebook.ipynb", as_version=4).cells[0].source.splitlines()[0]
        for name in ("train-CNN-Attend-VGS", "train-CNN-Attend-VGS-2")
    ]
    assert heads[1] == f"{heads[0]}, seed {{{{ seed }}}}"
    seeds = pd.read_csv(smoke / "summary" / "seeds.csv")
    assert seeds.groupby(["method", "supervision"])["seed"].agg(list).map(lambda found: found == [1, 2]).all()
    placed = pd.read_csv(smoke / "summary" / "localisation.csv").query("architecture == 'CNN-Attend'")
    both = seeds.merge(placed, on=["method", "supervision", "seed"])
    assert len(both) == len(seeds) / 2
    assert both["oracle_accuracy_x"].tolist() == both["oracle_accuracy_y"].tolist()


def test_every_figure_is_shown_and_has_alternative_text(smoke: Path) -> None:
    for run in runs.matrix(preset="smoke"):
        for cell in nbformat.read(smoke / run.id / "notebook.ipynb", as_version=4).cells:
            shown = any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))
            described = bool(cell.metadata.get("mystnb", {}).get("image", {}).get("alt"))
            assert shown == described, (run.id, cell.source)


def test_summaries_have_the_promised_columns_and_fractions(smoke: Path) -> None:
    for name, columns in (("localisation", LOCALISATION), ("detection", DETECTION), ("tagging", TAGGING)):
        table = pd.read_csv(smoke / "summary" / f"{name}.csv")
        assert list(table.columns[: len(columns.split())]) == columns.split()
        numbers = table.select_dtypes("float").drop(columns="theta", errors="ignore")
        assert numbers.stack().dropna().between(0, 1).all()


def test_meaning_and_languages_have_the_promised_columns_rows_and_fractions(smoke: Path) -> None:
    semantic, crosslingual = (pd.read_csv(smoke / "summary" / f"{name}.csv") for name in ("semantic", "crosslingual"))
    assert set(SEMANTIC.split()) <= set(semantic)
    assert set(CROSSLINGUAL.split()) <= set(crosslingual)
    assert set(semantic["relevance"]) == {"exact", "semantic"}
    assert {"CNN-Attend VGS", "CNN-Attend BoW", "tagger", "perfect ears", "text", "prior", "chance"} == set(
        semantic["row"]
    )
    directions = set(zip(crosslingual["query_language"], crosslingual["speech_language"], strict=True))
    assert directions == {("en", "en"), ("de", "en"), ("en", "de")}
    assert {"VGS", "BoW", "text", "chance"} == set(crosslingual["model"])
    for table, names in ((semantic, SEMANTIC), (crosslingual, CROSSLINGUAL)):
        numbers = table[[name for name in names.split() if name in table.select_dtypes("float")]]
        assert numbers.drop(columns="spearman", errors="ignore").stack().dropna().between(0, 1).all()
        models = table[table.get("model", table.get("row")).isin(["VGS", "CNN-Attend VGS"])]
        assert set(models["seed"]) == {1, 2}
    text = semantic.query("row == 'text' and relevance == 'exact'").iloc[0]
    assert text["mean_average_precision"] == 1  # the words themselves
    assert semantic.query("row == 'text' and relevance == 'semantic'").iloc[0]["mean_average_precision"] < 1
    ignorant = semantic[semantic["row"].isin(["prior", "chance"])]
    assert (ignorant["eer"] == 0.5).all()  # no threshold tells utterances with one score apart
    kinds = pd.read_csv(smoke / "summary" / "translation_kinds.csv")
    assert kinds[list(TRANSLATION_KINDS)].sum(axis=1).round(9).eq(1).all()


def test_words_and_the_joint_space_have_the_promised_columns_and_rows(smoke: Path) -> None:
    words, retrieval = (pd.read_csv(smoke / "summary" / f"{name}.csv") for name in ("wordlearning", "retrieval"))
    assert set(WORDS.split()) <= set(words)
    assert set(zip(words["task"], words["model"], strict=True)) >= set(product(TASKS, ("trained", "random")))
    assert set(RETRIEVAL.split()) <= set(retrieval)
    assert retrieval["direction"].tolist() == ["speech-to-image", "image-to-speech"]
    for table in (words, retrieval):
        assert (
            table[[name for name in ("r1", "r5", "r10", "r25") if name in table]].stack().dropna().between(0, 1).all()
        )
        known = table.dropna(subset="median_rank")  # one test speaker: nothing is across speakers
        assert known["median_rank"].between(1, known["pool"]).all()
    assert words.dropna(subset="mean_rank")["task"].nunique() >= len(TASKS)


def test_every_page_and_every_table_of_the_summary_names_its_corpus(smoke: Path) -> None:
    for run in runs.matrix(preset="smoke"):
        page = nbformat.read(smoke / run.id / "notebook.ipynb", as_version=4)
        named = f"{DIGITS}, Spoken Scenes" if run.id == "digits" else "Spoken Scenes"
        assert (f"*Corpus: {named}.*" in page.cells[0].source) == (run.id not in OTHERS)
    assert keeping.filled("smoke") == list(TABLES)
    for name in TABLES:
        own = DIGITS if TABLES[name] == "digits" else "Spoken Scenes"
        assert set(pd.read_csv(smoke / "summary" / f"{name}.csv")["corpus"]) == {own}


def test_what_is_stored_of_single_utterances_is_numbers_and_single_words(smoke: Path) -> None:
    tables = {name: pd.read_csv(smoke / "summary" / f"{name}.csv") for name in TABLES}
    for table in tables.values():
        assert not {"utterance_id", "image_id", "text"} & set(table)
    words = tables["located"]["word"]
    assert words.str.fullmatch(r"[^ ]+").all()
    curves = tables["curves"]
    texts = {"figure", "keyword", "method", "what", "corpus"}
    assert set(curves.select_dtypes(exclude="number")) == texts
    assert set(curves["what"]) == {"score", "loudness", "border", "said", "place", "detection"}
    assert curves.groupby("figure")["panel"].nunique().to_dict() == {"2 of 2021": 4, "7 of 2022": 4}
    loud = curves[(curves["what"] == "loudness") & (curves["panel"] == 1) & (curves["figure"] == "7 of 2022")]
    assert loud["time"].diff().dropna().round(3).eq(0.02).all()
    assert loud["value"].max() == 1
