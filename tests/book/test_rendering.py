import json
import shutil

import pytest
import yaml
from sphinx.errors import ExtensionError

from vgsnb.errors import UserError
from vgsnb.report import mathjax
from vgsnb.report.book import CHAPTERS, build, write_toc


def toc_of(project, pages, tmp_path):
    write_toc(project / "_toc.yml", pages, tmp_path / "toc.yml")
    return yaml.safe_load((tmp_path / "toc.yml").read_text())


def test_runs_stand_below_their_chapters_in_order_and_unknown_ones_at_the_end(project, tmp_path):
    pages = {"train-PSC-BoW": "runs/a", "corpus": "runs/b", "train-PSC-VGS": "runs/c", "mine": "runs/d"}
    toc = toc_of(project, pages, tmp_path)
    chapters = {entry["file"]: entry for part in toc["parts"] for entry in part["chapters"]}
    assert chapters["book/hearing"]["sections"] == [{"file": "runs/a"}, {"file": "runs/c"}]
    assert chapters["book/corpus"]["sections"] == [{"file": "runs/b"}]
    assert toc["parts"][-1] == {"caption": "More runs", "chapters": [{"file": "runs/d"}]}


def test_every_chapter_that_takes_runs_exists_and_every_chapter_file_is_in_the_contents(project, tmp_path):
    toc = toc_of(project, {}, tmp_path)
    listed = {entry["file"] for part in toc["parts"] for entry in part["chapters"]} | {toc["root"]}
    assert set(CHAPTERS.values()) <= listed
    written = {f"book/{path.stem}" for path in (project / "book").glob("*.md")}
    assert written - {"book/LICENSE"} == listed


def test_every_run_of_the_matrix_has_a_chapter(project):
    runs = yaml.safe_load((project / "book" / "runs.yml").read_text())["matrix"]
    assert {run["id"].split("-")[0] for run in runs} <= set(CHAPTERS)


def test_a_run_page_is_titled_by_its_parameters(book):
    page = (book / "runs/quick/train-CNN-Attend-VGS/notebook.html").read_text()
    assert "<title>CNN-Attend trained with VGS" in page
    assert "CNN-Attend trained with VGS" in (book / "book/introduction.html").read_text()
    index = (book / "searchindex.js").read_text()
    titles = json.loads(index.removeprefix("Search.setIndex(").rstrip(")"))["titles"]
    assert "CNN-Attend trained with VGS" in titles


def test_a_warning_fails_the_build_is_named_and_leaves_the_old_book(project, tmp_path):
    shutil.copy(project / "_config.yml", tmp_path)
    (tmp_path / "book" / "_static").mkdir(parents=True)
    (tmp_path / "book" / "references.bib").write_text("")
    (tmp_path / "book" / "only.md").write_text("# A page\n\n[nowhere](no-such-chapter.md)\n")
    (tmp_path / "book" / "other.md").write_text("# Another page\n")
    toc = {"format": "jb-book", "root": "book/only", "parts": [{"chapters": [{"file": "book/other"}]}]}
    (tmp_path / "_toc.yml").write_text(yaml.safe_dump(toc))
    old = tmp_path / "_build" / "html" / "index.html"
    old.parent.mkdir(parents=True)
    old.write_text("the last good book")
    with pytest.raises(UserError, match="no-such-chapter"):
        build(tmp_path, [])
    assert old.read_text() == "the last good book"


def test_a_missing_notebook_and_one_outside_the_project_are_refused(project, tmp_path):
    with pytest.raises(UserError, match="nothing-here"):
        build(project, [project / "nothing-here.ipynb"])
    outside = tmp_path / "run" / "notebook.ipynb"
    outside.parent.mkdir()
    outside.write_text("{}")
    with pytest.raises(UserError, match="outside"):
        build(project, [outside])


def test_without_its_package_mathjax_says_which_one_to_install(monkeypatch):
    monkeypatch.setattr(mathjax, "PACKAGE", "no-such-package-of-ours")
    with pytest.raises(ExtensionError, match="no-such-package-of-ours"):
        mathjax.script()
