"""The rendered book: chapters and finished runs in one table of contents, rendered by jupyter-book."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from vgsnb.errors import UserError
from vgsnb.files import whole_file

# The chapter that a run stands below, by the part of its id before the first hyphen.
CHAPTERS = {
    "corpus": "book/corpus",
    "tagging": "book/tagging",
    "train": "book/hearing",
    "detection": "book/measuring",
    "localise": "book/localisation",
    "results": "book/measuring",
    "errors": "book/measuring",
    "released": "book/differences",
    "flickr8k": "book/flickr8k",
    "further": "book/further",
    "speed": "book/speed",
    "meaning": "book/meaning",
    "language": "book/another-language",
    "digits": "book/one-shot",
    "words": "book/word-learning",
    "joint": "book/word-learning",
}
LOG_LINES = 15


def build(project: Path, notebooks: Sequence[Path], output: Path | None = None) -> Path:
    """Render the chapters at ``project`` with the executed ``notebooks`` of finished runs; return its index.html.

    A notebook's folder is named after its run. The pages go to ``_build/html`` in ``output`` (default: the project).
    """
    output = output or project
    toc = output / "_build" / "toc.yml"
    write_toc(project / "_toc.yml", _pages(project, notebooks), toc)
    return render(project, toc, output)


def _pages(project: Path, notebooks: Iterable[Path]) -> dict[str, str]:
    pages = {}
    for path in notebooks:
        if not path.is_file():
            raise UserError(f"There is no {path} to put into the book; make its run again.")
        if not path.resolve().is_relative_to(project.resolve()):
            raise UserError(f"{path} lies outside {project}; pages of the book must lie below it, so unset VGSNB_RUNS.")
        pages[path.parent.name] = path.resolve().relative_to(project.resolve()).with_suffix("").as_posix()
    return pages


def write_toc(chapters: Path, run_pages: Mapping[str, str], path: Path) -> None:
    """Write the table of contents ``chapters`` to ``path``, with every run's page below its chapter.

    ``run_pages`` gives, in the order of the book, a run's id and its page without suffix, relative to the project.
    Runs that ``CHAPTERS`` does not name go into a part of their own at the end.
    """
    toc = yaml.safe_load(chapters.read_text(encoding="utf-8"))
    known = {entry["file"]: entry for part in toc["parts"] for entry in part["chapters"]}
    others = list[dict[str, str]]()
    for run, page in run_pages.items():
        chapter = known.get(CHAPTERS.get(run.split("-")[0], ""))
        entries: list[Any] = others if chapter is None else chapter.setdefault("sections", [])
        entries.append({"file": page})
    if others:
        toc["parts"].append({"caption": "More runs", "chapters": others})
    with whole_file(path) as temporary:
        temporary.write_text(yaml.safe_dump(toc, sort_keys=False), encoding="utf-8")


def render(project: Path, toc: Path, output: Path) -> Path:
    """Render the book at ``project`` with the table of contents ``toc``; return ``_build/html/index.html``.

    Every warning is an error, links without target included. The pages are made beside the old ones and replace them
    when they are whole: a failed build leaves the last good book, and pages of runs that are gone do not stay.
    Raises ``UserError`` with the last lines of the log.
    """
    work, log = output / "_build" / "work", output / "_build" / "book.log"
    fresh, html = work / "_build" / "html", output / "_build" / "html"
    shutil.rmtree(fresh, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    words = [
        sys.executable,
        "-c",
        "from jupyter_book.cli.main import main; main()",
        "build",
        ".",
        "--toc",
        str(toc.resolve()),
    ]
    words += ["--path-output", str(work.resolve()), "-W", "-n", "--keep-going"]
    done = subprocess.run(words, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    text = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)  # Sphinx colours its warnings
    log.write_text(text, encoding="utf-8")
    if done.returncode or not (fresh / "index.html").is_file():
        raise UserError(f"The book could not be rendered; the whole log is {log}, it ends with:\n{_end(text)}")
    _replace(fresh, html)
    return html / "index.html"


def _end(log: str) -> str:
    """The warnings and errors of a log, each once, or its last lines when it names none."""
    lines = [line for line in log.splitlines() if line.strip()]
    named = [line for line in lines if "WARNING" in line or "ERROR" in line or "rror:" in line]
    return "\n".join(list(dict.fromkeys(named or lines))[-LOG_LINES:])


def _replace(fresh: Path, html: Path) -> None:
    old = html.with_name("html.old")
    shutil.rmtree(old, ignore_errors=True)
    if html.exists():
        os.replace(html, old)
    os.replace(fresh, html)
    shutil.rmtree(old, ignore_errors=True)
