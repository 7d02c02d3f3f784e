"""The chapter on Flickr8k: its notebook on made-up results, all of them, some of them and none."""

import re
from html import unescape

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from made_up import CORPUS, results, store

from vgsnb.files import project_folder
from vgsnb.report import chapter, stored, tables

TEMPLATE = project_folder() / "notebooks" / "09_flickr8k.ipynb"
STORED = 31  # outputs that stored results decide about
DRAWN = 5  # outputs that are there whatever is stored: table I and figures 1 to 4
LACKING = "this has not been computed"


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "runs.yml").write_text("presets: {}")
    monkeypatch.setenv("VGSNB_HOME", str(tmp_path))
    return tmp_path


def shown(**parameters):
    """The HTML of every cell of the notebook, run with these parameters."""
    shell = InteractiveShell()
    outputs = []
    for cell in nbformat.read(TEMPLATE, as_version=4).cells:
        if cell.cell_type == "code" and "live" not in cell.metadata.get("tags", []):
            result = shell.run_cell(cell.source)
            result.raise_error()
            outputs += [result.result.data] if result.result is not None else []
        if "parameters" in cell.metadata.get("tags", []):
            shell.user_ns.update(parameters)
    return [re.sub("<style>.*?</style>", "", html, flags=re.S) for html in outputs]


def captions(outputs):
    found = re.findall(r"<caption><b>(.*?)</b>|<figcaption.*?>(.*?)</figcaption>", " ".join(outputs), flags=re.S)
    return [unescape(table or figure) for table, figure in found]


def test_with_all_results_every_table_and_figure_names_its_corpus(project, tmp_path):
    store(project, "paper-small", results())
    store(project, "paper", results())
    outputs = shown(run_folder=str(tmp_path / "run"))
    assert not [html for html in outputs if LACKING in html]
    assert f"Shown is the preset <b>paper</b> on <b>{CORPUS}</b>" in outputs[0]
    assert "5,000 test utterances; 200 of them for masked-in" in outputs[0]
    assert chapter.FEW in outputs[0]
    assert ["".join(outputs).count(chapter.OTHER_SPEECH), outputs[0].count(chapter.OTHER_SPEECH)] == [1, 1]
    assert "0123abc" in outputs[1]
    assert "&lt;one&gt; GPU" in outputs[1]
    said = captions(outputs)
    # Figure 5 has a table besides; two presets show two tables of recipes each; retrieval is judged twice; a sentence
    # that compares languages has no caption.
    assert len(said) == STORED + DRAWN + 5 - 1
    assert [each for each in said if CORPUS not in each] == [each for each in said if "Spoken Scenes" in each]
    assert sum("Spoken Scenes" in each for each in said) == 1
    assert {"compared.csv", "made_from.json"} <= {path.name for path in (tmp_path / "run").iterdir()}


def test_what_the_largest_preset_leaves_out_is_shown_of_the_next_that_has_it(project):
    store(project, "paper", results(), architectures=["PSC", "CNN-Attend"])
    store(project, "paper-cpu", results(), architectures=["PSC"])
    kept = stored.read()
    assert "No stored preset has more" in chapter.left_out(kept, stored.read_all()).data
    store(project, "paper-small", results(), architectures=["PSC", "CNN-Pool"])
    said = chapter.left_out(kept, stored.read_all()).data
    assert said.startswith("<p>Shown is the preset <b>paper-small</b>")
    assert said.count("<table") == len(tables.CAPTIONS)


def test_published_ours_interval_and_difference_stand_together(project):
    found = results()
    store(project, "paper", found)
    kept = stored.read()
    row = found["localisation"].query("supervision == 'VGS' and method == 'score-aggregation'")
    ours = row["oracle_accuracy"].item()
    cell = f"<b>{100 * ours:.1f}</b><small>[{100 * ours - 5:.1f}, {100 * ours + 5:.1f}]</small><small>13.7 (+"
    assert cell in chapter.comparison(kept, "II").data
    early = found["at_2021_detection"].query("architecture == 'PSC'")["recall"].item()
    assert f"<b>{100 * early:.1f}</b>" in chapter.comparison(kept, "2", paper=2021).data
    black = re.search(r'<th scope="row">black</th>(.*?)</tr>', chapter.located(kept).data).group(1)
    assert re.findall("<b>(.*?)</b>", black) == ["black 18", "snow 10", "90.0", "45.0", "[25.8, 65.8]", "−45.0"]
    five = re.findall("<b>(.*?)</b>", chapter.keyword_f1(kept).data.partition("in numbers")[2])
    assert five[:4] == ["67.2", "75.0", "[30.1, 95.4]", "+7.8"]
    assert five[4:6] == ["1.4", "20.0"]
    assert "Figure 7 of 2022: bike, air, by masked-in" in chapter.curves(kept, "7 of 2022").data


def test_without_some_architectures_every_table_shows_what_there_is(project):
    store(project, "paper", results())
    store(project, "paper-cpu", results(("PSC", "CNN-Attend")))
    outputs = shown(results="paper-cpu")
    assert not [html for html in outputs if LACKING in html]  # of pooling those of the other preset
    second = next(html for html in outputs if "Table II of" in html)
    assert "CNN-PoolAttend, masked-in" in second  # the paper's row, with a dash for ours
    assert "<b>–</b><small>57.3" in second


def test_without_any_results_a_sentence_says_how_to_make_them(project):
    outputs = shown()
    assert outputs[0] == chapter.measured_on(stored.Stored({}, {})).data
    assert sum(LACKING in html for html in outputs) == STORED
    assert len(captions(outputs)) == DRAWN


def test_recorded_speech_is_not_called_other_speech(project):
    store(project, "my-own", results(), corpus="Flickr8k <recorded>")
    first = chapter.about(stored.read("my-own")).data
    assert "<b>my-own</b> on <b>Flickr8k &lt;recorded&gt;</b>" in first
    assert chapter.OTHER_SPEECH not in first


def test_table_one_is_what_the_registry_builds():
    html = chapter.architectures(stored.Stored({}, {})).data
    assert html.count("<b>MLP(1000, 1)</b>") == 3  # CNN-PoolAttend takes 1024, as in 2021
    assert html.count("<b>MLP(1024, 1)</b>") == 1
    sizes = {"CNN-Attend": {"output": 24, "hidden": 8}}
    numbers = {"models": sizes, "systems": {"architectures": ["CNN-Attend"]}}
    small = chapter.architectures(stored.Stored({"preset": "x", "corpus": CORPUS, "numbers": numbers}, {})).data
    assert "<b>MLP(24, 1)</b>" in small
    assert small.count("<tr class='aside'>") == 3


def test_the_published_words_are_those_of_twenty_utterances():
    table = chapter.pd.read_csv(chapter.LOCATED, keep_default_na=False)
    assert table["keyword"].nunique() == 15
    assert (table.groupby("keyword")["count"].sum() <= chapter.TOP).all()
    assert (table.groupby("keyword")["rank"].max() == table.groupby("keyword").size()).all()
