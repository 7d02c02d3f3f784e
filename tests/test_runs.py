"""The matrix, papermill and the run folders, on a small project of three notebooks."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
import yaml
import zmq
import zmq.asyncio
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.session import Session
from nbclient.exceptions import DeadKernelError

from vgsnb import runs
from vgsnb.errors import UserError
from vgsnb.settings import load_settings

BOOK = {
    "presets": {"quick": {"training": {"epochs": 2}}, "smoke": {}},
    "recipes": {},
    "matrix": [
        {"id": "corpus", "notebook": "a.ipynb"},
        {"id": "train-{name}", "notebook": "b.ipynb", "needs": ["corpus"], "for": {"name": ["good", "bad"]}},
        {"id": "results-{name}", "notebook": "a.ipynb", "needs": ["train-{name}"], "for": {"name": ["good", "bad"]}},
    ],
}
PARAMETERS = 'preset = "quick"\nname = ""\noverrides = {}\nrun_folder = ""'
COUNT = "import pathlib\nwith open('count.txt', 'a') as file:\n    file.write(name + '.')"


def notebook(*cells: str) -> nbformat.NotebookNode:
    made = [nbformat.v4.new_markdown_cell("# {{ name }}"), nbformat.v4.new_code_cell(PARAMETERS)]
    made[1].metadata["tags"] = ["parameters"]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return nbformat.v4.new_notebook(cells=[*made, *map(nbformat.v4.new_code_cell, cells)], metadata=kernel)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "book").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "book" / "runs.yml").write_text(yaml.safe_dump(BOOK))
    nbformat.write(notebook(COUNT), tmp_path / "notebooks" / "a.ipynb")
    nbformat.write(notebook(COUNT, "assert name != 'bad', 'this one is bad'"), tmp_path / "notebooks" / "b.ipynb")
    monkeypatch.setenv("VGSNB_HOME", str(tmp_path))
    monkeypatch.delenv("VGSNB_RUNS", raising=False)
    return tmp_path


def test_the_matrix_expands_and_resolves_needs(project: Path) -> None:
    found = {run.id: run for run in runs.matrix()}
    assert list(found) == ["corpus", "train-good", "train-bad", "results-good", "results-bad"]
    assert found["results-bad"].needs == ("train-bad",)
    assert found["train-good"].parameters == {"name": "good"}
    assert [run.id for run in runs.matrix(("results-good",))] == ["corpus", "train-good", "results-good"]


def test_a_row_can_be_part_of_some_presets_alone(project: Path) -> None:
    rows = [*BOOK["matrix"], {"id": "long", "notebook": "b.ipynb", "needs": ["corpus"], "presets": ["smoke"]}]
    (project / "book" / "runs.yml").write_text(yaml.safe_dump({**BOOK, "matrix": rows}))
    every = [run.id for run in runs.matrix()]
    assert every[-1] == "long"
    assert [run.id for run in runs.matrix(preset="smoke")] == every
    assert [run.id for run in runs.matrix(preset="quick")] == every[:-1]
    assert [run.id for run in runs.matrix(("long",), "quick")] == ["corpus", "long"]  # but whoever asks for it gets it
    rows = [{**rows[0], "presets": ["smoke"]}, *rows[1:]]
    (project / "book" / "runs.yml").write_text(yaml.safe_dump({**BOOK, "matrix": rows}))
    assert [run.id for run in runs.matrix(preset="quick")] == every[:-1]  # what others need is made with them


def test_the_presets_of_rows_are_presets_and_the_released_code_is_not_part_of_quick() -> None:
    book = runs.read_book()
    assert {name for row in book["matrix"] for name in row.get("presets", [])} <= set(book["presets"])
    assert "released" not in {run.id for run in runs.matrix(preset="quick")}
    assert "released" in {run.id for run in runs.matrix(preset="smoke")}


def test_runs_of_systems_that_a_preset_lacks_are_left_out(project: Path) -> None:
    systems = {"architectures": ["PSC", "CNN-Attend"], "supervisions": ["BoW", "VGS"]}
    presets = {"quick": {"systems": systems}, "smoke": {"systems": {"architectures": ["PSC"]}}}
    pairs = {"supervision": ["BoW", "VGS"], "architecture": ["CNN-Attend", "PSC"]}
    rows = [
        {"id": "train-{architecture}-{supervision}", "notebook": "b.ipynb", "for": pairs},
        {"id": "errors", "notebook": "a.ipynb", "needs": ["train"], "parameters": {"architecture": "CNN-Attend"}},
        {"id": "results", "notebook": "a.ipynb", "needs": ["train"]},
    ]
    (project / "book" / "runs.yml").write_text(yaml.safe_dump({"presets": presets, "matrix": rows}))
    assert len(runs.matrix()) == len(runs.matrix(preset="quick")) == 6
    found = {run.id: run for run in runs.matrix(preset="smoke")}
    assert list(found) == ["train-PSC-BoW", "train-PSC-VGS", "results"]
    assert found["results"].needs == ("train-PSC-BoW", "train-PSC-VGS")
    with pytest.raises(UserError, match="There is no run 'errors'"):
        runs.matrix(("errors",), "smoke")


def test_runs_with_a_seed_of_their_own_are_those_of_the_presets_seeds(project: Path) -> None:
    presets = {"quick": {"systems": {"seeds": [1]}}, "smoke": {"systems": {"seeds": [1, 2]}}}
    rows = [
        {"id": "train-{name}", "notebook": "b.ipynb", "for": {"name": ["good"]}},
        {"id": "train-good-{seed}", "notebook": "b.ipynb", "for": {"seed": [2, 3]}, "parameters": {"name": "good"}},
        {"id": "results", "notebook": "a.ipynb", "needs": ["train"]},
        {"id": "errors", "notebook": "a.ipynb", "needs": ["train-good"]},
    ]
    (project / "book" / "runs.yml").write_text(yaml.safe_dump({"presets": presets, "matrix": rows}))
    assert [run.id for run in runs.matrix(preset="quick")] == ["train-good", "results", "errors"]
    found = {run.id: run for run in runs.matrix(preset="smoke")}
    assert found["results"].needs == ("train-good", "train-good-2")
    assert found["errors"].needs == ("train-good",)  # a run's whole id names that one alone
    assert found["train-good-2"].parameters == {"name": "good", "seed": 2}


def test_a_run_is_made_anew_when_what_it_reads_has_changed(project: Path) -> None:
    run = runs.Run("shown", "a.ipynb", reads=("book/results",))
    runs.execute(run, "quick")
    assert runs.is_done(run, "quick")
    table = project / "book" / "results" / "paper" / "detection.csv"
    table.parent.mkdir(parents=True)
    for text in ("f1\n0.5\n", "f1\n0.6\n"):
        table.write_text(text)
        assert not runs.is_done(run, "quick")
        runs.execute(run, "quick")
        assert runs.is_done(run, "quick")


def test_a_run_is_made_anew_when_data_that_it_names_have_changed(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run, recording = runs.Run("shown", "a.ipynb", data=("digits",)), tmp_path / "digits" / "fsdd" / "0_a_1.wav"
    runs.execute(run, "quick")
    monkeypatch.setenv("VGSNB_DATA", str(tmp_path))
    recording.parent.mkdir(parents=True)
    for sound in (b"one", b"longer"):
        recording.write_bytes(sound)
        assert not runs.is_done(run, "quick")
        runs.execute(run, "quick")
        assert runs.is_done(run, "quick")


def test_an_unknown_run_is_refused_with_the_list(project: Path) -> None:
    with pytest.raises(UserError, match=r"'train'.*train-good"):
        runs.matrix(("train",))


def test_a_failed_run_is_named_and_takes_only_those_that_need_it(project: Path) -> None:
    said: list[str] = []
    here = Path.cwd()
    with ThreadPoolExecutor(2) as executor:
        errors = runs.execute_all(runs.matrix(), "quick", executor, say=said.append)
    assert Path.cwd() == here  # notebooks run in the project's folder, and leave the process where it was
    assert set(errors) == {"train-bad", "results-bad"}
    assert "AssertionError: this one is bad" in errors["train-bad"]
    assert "train-bad" in errors["results-bad"]
    log = project / "runs" / "quick" / "failed" / "train-bad.log"
    assert str(log) in errors["train-bad"]
    assert "this one is bad" in log.read_text()
    assert not (project / "runs" / "quick" / "train-bad").exists()
    assert all(runs.is_done(run, "quick") for run in runs.matrix(("results-good",)))

    before = (project / "count.txt").read_text()
    with ThreadPoolExecutor(1) as executor:
        runs.execute_all(runs.matrix(("results-good",)), "quick", executor, say=said.append)
    assert (project / "count.txt").read_text() == before  # found, not repeated


def test_a_run_folder_is_whole_and_titled_by_its_parameters(project: Path) -> None:
    run = runs.matrix(("train-good",))[1]
    folder = runs.execute(run, "quick")
    assert {"parameters.yaml", "notebook.ipynb", "provenance.json"} <= {path.name for path in folder.iterdir()}
    page = nbformat.read(folder / "notebook.ipynb", as_version=4)
    assert page.metadata["myst"]["substitutions"] == {"name": "good", "preset": "quick"}
    shown = [cell for cell in page.cells if "parameters" in cell.metadata.get("tags", [])]
    assert all("remove-cell" in cell.metadata["tags"] for cell in shown)
    command = json.loads((folder / "provenance.json").read_text())["command"]
    assert command == "papermill notebooks/b.ipynb out.ipynb -p name good"


def test_a_page_shows_a_note_in_place_of_a_live_cell() -> None:
    page = notebook("live.choose(look)", "print()")
    shown = [nbformat.v4.new_output("display_data", {"text/html": text}) for text in ("chosen", "kept")]
    for cell, output in zip(page.cells[2:], shown, strict=True):
        cell.outputs = [output, nbformat.v4.new_output("stream", name="stderr", text="progress")]
    page.cells[2].metadata["tags"] = ["live"]
    record = runs.provenance.provenance("a.ipynb", {}, {}, project=Path(), device="", hashes={}, seconds=1)
    live, kept = runs.polish(page, {}, record).cells[2:4]
    assert [output.data["text/html"] for output in live.outputs] == [runs.LIVE_NOTE]
    assert kept.outputs == [shown[1]]


def test_a_page_names_its_corpora_below_its_title(project: Path) -> None:
    corpus = project / "steps" / "corpus"
    corpus.mkdir(parents=True)
    (corpus / "corpus.yaml").write_text("name: Words & pictures, synthesised speech")
    (corpus / "words.parquet").write_bytes(b"words")
    (project / "loose.csv").write_text("1")
    cell = (
        "from pathlib import Path\nfrom vgsnb import steps\n"
        f"inputs = (Path({str(corpus)!r}), Path({str(project / 'loose.csv')!r}))\n"
        "steps.keep(run_folder, {}, {}, inputs, corpora=('Other',))"
    )
    nbformat.write(notebook(cell), project / "notebooks" / "a.ipynb")
    folder = runs.execute(runs.Run("corpus", "a.ipynb", {"name": "good"}), "quick")
    record = json.loads((folder / "provenance.json").read_text())
    assert record["corpora"] == ["Other", "Words & pictures, synthesised speech"]
    assert set(record["hashes"]) == {"corpus/words.parquet", f"{project.name}/loose.csv"}
    page = nbformat.read(folder / "notebook.ipynb", as_version=4)
    assert page.cells[0].source.splitlines() == [
        "# {{ name }}", "", "*Corpus: Other, Words &amp; pictures, synthesised speech.*",
    ]  # fmt: skip
    assert "Words &amp; pictures" in page.cells[-1].outputs[0].data["text/html"]


def test_a_changed_number_or_template_makes_the_run_anew(project: Path) -> None:
    run = runs.matrix()[0]
    runs.execute(run, "quick")
    assert runs.is_done(run, "quick")
    book = {**BOOK, "presets": {"quick": {"training": {"epochs": 3}}, "smoke": {}}}
    (project / "book" / "runs.yml").write_text(yaml.safe_dump(book))
    assert not runs.is_done(run, "quick")
    assert load_settings("quick")["training"]["epochs"] == 3


def test_mistyped_parameters_are_refused_before_anything_starts(project: Path) -> None:
    run = runs.Run("x", "a.ipynb", {"nam": "good"})
    with pytest.raises(UserError, match=r"'nam'.*preset, name, overrides"):
        runs.execute(run, "quick")
    assert not (project / "count.txt").exists()


def test_a_dead_kernel_is_one_sentence_and_leaves_a_log(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*args: object, **kwargs: object) -> None:
        raise DeadKernelError("Kernel died")

    monkeypatch.setattr(runs.papermill, "execute_notebook", die)
    with pytest.raises(UserError, match="lost its kernel, maybe to full memory: use --workers 1"):
        runs.execute(runs.Run("x", "a.ipynb"), "quick")
    assert (project / "runs" / "quick" / "failed" / "x.log").read_text() == "Kernel died"


def test_runs_that_need_each_other_are_refused(project: Path) -> None:
    circle = [runs.Run("a", "a.ipynb", needs=("b",)), runs.Run("b", "a.ipynb", needs=("a",))]
    with ThreadPoolExecutor(1) as executor, pytest.raises(UserError, match="circle"):
        runs.execute_all(circle, "quick", executor, say=lambda text: None)


def test_every_run_of_the_book_has_a_template_that_knows_its_parameters() -> None:
    for run in runs.matrix():
        template = runs.files.project_folder() / "notebooks" / run.notebook
        runs.check_parameters(template, {**run.parameters, "preset": "", "run_folder": ""})


@pytest.mark.parametrize(("channel", "arrives"), [(runs.PatientChannel, True), (AsyncZMQSocketChannel, False)])
def test_a_message_whose_sign_was_lost_is_found(channel: type[AsyncZMQSocketChannel], arrives: bool) -> None:
    """The sign is lost as when something is sent: the socket is asked for its events outside the event loop."""

    async def wait(session: Session, context: zmq.asyncio.Context) -> str:
        with context.socket(zmq.PAIR) as ours, zmq.Context(context).socket(zmq.PAIR) as theirs:
            theirs.bind("inproc://lost-sign")
            ours.connect("inproc://lost-sign")
            waiting = asyncio.ensure_future(channel(ours, session).get_msg())
            await asyncio.sleep(0.3)
            session.send(theirs, "status", {"execution_state": "idle"})
            assert zmq.Socket.shadow(ours.underlying).getsockopt(zmq.EVENTS) & zmq.POLLIN
            return (await asyncio.wait_for(waiting, 3))["content"]["execution_state"]

    # In a thread: a browser test may have left an event loop running in this one.
    with zmq.asyncio.Context() as context, ThreadPoolExecutor(1) as thread:
        found = thread.submit(lambda: asyncio.run(wait(Session(key=b""), context)))
        if arrives:
            assert found.result() == "idle"
        else:  # when the library does without, so can we
            with pytest.raises(TimeoutError):
                found.result()


@pytest.mark.parametrize(("at_once", "order"), [(1, ["a", "late", "b", "c"]), (0, ["a", "b", "c", "late"])])
def test_what_comes_first_starts_first_where_few_run_at_once(at_once, order, project, monkeypatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(runs, "execute", lambda run, *_: started.append(run.id))
    monkeypatch.setattr(runs, "is_done", lambda *_: False)
    wanted = [
        runs.Run(name, "a.ipynb", needs=needs) for name, needs in (("a", ()), ("late", ("a",)), ("b", ()), ("c", ()))
    ]
    with ThreadPoolExecutor(1) as executor:
        assert runs.execute_all(wanted, "quick", executor, say=lambda _: None, at_once=at_once) == {}
    assert started == order
