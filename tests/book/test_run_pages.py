"""The pages of real runs, small ones: rendered without a warning, and read in a browser."""

from pathlib import Path

import pytest
from test_pages import Reader, wait_until

from vgsnb import runs
from vgsnb.files import project_folder
from vgsnb.report.book import build

PAGES = ("corpus", "tagging", "train-CNN-Attend-VGS", "detection", "localise-PSC-BoW", "results", "errors", "flickr8k")


@pytest.fixture(scope="module")
def run_pages(smoke: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the rendered pages of the ``smoke`` runs; a warning while rendering is an error."""
    notebooks = [smoke / run.id / "notebook.ipynb" for run in runs.matrix(preset="smoke")]
    html = build(project_folder(), notebooks, tmp_path_factory.mktemp("rendered")).parent
    return html / smoke.relative_to(project_folder())


@pytest.mark.parametrize("run", PAGES)
def test_a_run_page_loads_without_errors_or_network(browser, run_pages: Path, run: str) -> None:
    reader = Reader(browser, run_pages)
    page = reader.open(f"{run}/notebook")
    page.wait_for_load_state("load")
    assert "{{" not in page.title()
    assert page.locator("[aria-label='Provenance']").count() == 1
    assert page.locator("text=Traceback").count() == 0
    assert reader.errors == []
    assert reader.outside == []


def test_a_localisation_page_plays_from_a_pressed_word(browser, run_pages: Path) -> None:
    page = Reader(browser, run_pages).open("localise-PSC-BoW/notebook")
    player = page.locator(".vgsnb-player").first
    word = player.locator(".vgsnb-word").nth(1)
    start = float(word.get_attribute("data-start"))
    word.click()
    wait_until(page, player, f"playing && time > {start + 0.05}")
