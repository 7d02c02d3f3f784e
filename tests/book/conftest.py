"""A small book: the real chapters with three executed notebooks, rendered once, and a browser to read it with."""

import shutil

import nbformat
import pytest
from small_book import PROJECT, notebook

from vgsnb.report.book import build


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """A copy of what the book is made of, with three runs."""
    folder = tmp_path_factory.mktemp("book")
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(PROJECT / name, folder)
    for name in ("book", "vgsnb"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.parquet"))
    names = {"architecture": "CNN-Attend", "supervision": "VGS"}
    for run, title in {
        "corpus": "The corpus card",
        "train-CNN-Attend-VGS": "{{ architecture }} trained with {{ supervision }}",
        "my-own": "A run of my own",
    }.items():
        path = folder / "runs" / "quick" / run / "notebook.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook(title, **names), path)
    return folder


@pytest.fixture(scope="session")
def book(project):
    """The folder of the rendered pages."""
    return build(project, sorted((project / "runs").rglob("*.ipynb"))).parent


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Headless Chromium, or a loud skip."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("THE PAGES ARE NOT TESTED: there is no Chromium; `apt-get install chromium` brings it")
    from playwright.sync_api import sync_playwright

    flags = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    with sync_playwright() as play:
        context = play.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("browser"),
            executable_path=program,
            headless=True,
            args=[*flags.split(), "--disable-component-update", "--disable-sync"],
        )
        yield context
        context.close()
