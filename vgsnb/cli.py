"""The command ``vgsnb``: make and keep the runs of a preset, render the book, list what there is, download a corpus."""

import multiprocessing
import os
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import click

from vgsnb import files, keeping, runs
from vgsnb.corpora import download as corpora
from vgsnb.errors import UserError, require_known
from vgsnb.report.stored import TABLES
from vgsnb.settings import load_settings, takes
from vgsnb.speech.workers import leave_with_parent

WORKERS = 2
SOUNDS = (".wav", ".flac")
LANGUAGE = click.Choice(["en", "de"])


class _OneSentence(click.Group):
    """Show what a user can mend as one sentence, without a traceback, and leave with a non-zero status."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except UserError as error:
            click.echo(f"vgsnb: {error}", err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo("vgsnb: stopped; what is finished is kept, start again to go on.", err=True)
            sys.exit(130)


preset_option = click.option("--preset", default="quick", show_default=True, help="A row of numbers in book/runs.yml.")
only_option = click.option("--only", multiple=True, metavar="RUN", help="Only this run and what it needs.")
workers_option = click.option(
    "--workers", type=click.IntRange(1), default=WORKERS, show_default=True, help="Runs at a time."
)


@click.group(cls=_OneSentence)
@click.version_option(package_name="vgsnb")
def main() -> None:
    """Visually grounded speech in notebooks."""


@main.command()
@preset_option
@only_option
@workers_option
def run(preset: str, only: tuple[str, ...], workers: int) -> None:
    """Make the runs of a preset; those that are there are found."""
    if not only:
        _say_how_long(preset)
    if errors := make_runs(preset, only, workers):
        raise UserError(f"{len(errors)} runs did not finish: {', '.join(errors)}.")


@main.command()
@preset_option
def build(preset: str) -> None:
    """Render the finished runs as a book in _build/html."""
    build_book(preset)


@main.command()
@preset_option
@workers_option
def book(preset: str, workers: int) -> None:
    """Make the runs, then render the book."""
    _say_how_long(preset)
    errors = make_runs(preset, (), workers)
    build_book(preset)
    if errors:
        raise UserError(f"The book lacks {len(errors)} runs that did not finish: {', '.join(errors)}.")


@main.command()
@preset_option
@workers_option
def results(preset: str, workers: int) -> None:
    """Make the runs of a preset and list the tables that it has filled."""
    _say_how_long(preset)
    errors = make_runs(preset, (), workers)
    filled = keeping.filled(preset)
    missing = [name for name in TABLES if name not in filled]
    click.echo(f"Tables in {keeping.summary_folder(preset)}: {', '.join(filled) or 'none'}.")
    click.echo(f"Tables that are missing: {', '.join(missing) or 'none'}.")
    if errors:
        raise UserError(f"{len(errors)} runs did not finish: {', '.join(errors)}.")


@main.command()
@preset_option
def keep(preset: str) -> None:
    """Copy the tables of a preset to book/results, for the book to show."""
    folder = keeping.keep(preset)
    click.echo(f"The tables of {preset} are in {folder}")


@main.command("list")
@preset_option
def list_runs(preset: str) -> None:
    """List the runs of a preset and whether each is done."""
    for each in runs.matrix(preset=preset):
        click.echo(f"{'done' if runs.is_done(each, preset) else '    '}  {each.id:32} {each.notebook}")


@main.command()
@preset_option
@click.option("--days", default=30.0, show_default=True, help="Keep what was used in this time before the last run.")
def tidy(preset: str, days: float) -> None:
    """Remove results of single steps that the last runs did not use."""
    for folder in files.unused(load_settings(preset).folder / "steps", days):
        shutil.rmtree(folder)
        click.echo(f"removed {folder}")


@main.command()
@click.argument("corpus")
@click.option("--to", type=click.Path(path_type=Path), metavar="FOLDER", help="Default: CORPUS in VGSNB_DATA.")
@click.option("--only", multiple=True, metavar="NAME", help="Only this of its sources.")
def download(corpus: str, to: Path | None, only: tuple[str, ...]) -> None:
    """Fetch a corpus from its publishers, or what it lacks."""
    require_known("corpus", corpus, corpora.CORPORA)
    sources = {source.name: source for source in corpora.CORPORA[corpus]}
    for name in only:
        require_known("source", name, sources)
    folder = to or corpora.folder_of(corpus)
    corpora.download([sources[name] for name in sources if name in only or not only], folder)
    click.echo(f"{corpus} is in {folder}")


@main.command()
@click.argument("sounds", type=click.Path(path_type=Path))
@click.option("--to", type=click.Path(path_type=Path), required=True, metavar="TABLE", help="A CSV file.")
@preset_option
@click.option("--architecture", default="CNN-Attend", show_default=True)
@click.option("--supervision", default="VGS", show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--method", default="attention", show_default=True, help="What places the keywords that are found.")
@click.option("--queries", type=LANGUAGE, help="What keywords are written in. Default: the preset's language.")
@click.option("--speech", type=LANGUAGE, help="What is spoken. Default: the preset's language.")
@click.option("--keyword", multiple=True, metavar="WORD", help="Only this keyword, in any form and spelling.")
@click.option("--threshold", type=click.FloatRange(0, 1), help="Found is what scores as much. Default: the preset's.")
def search(
    sounds: Path,
    to: Path,
    preset: str,
    architecture: str,
    supervision: str,
    seed: int,
    method: str,
    queries: str | None,
    speech: str | None,
    keyword: tuple[str, ...],
    threshold: float | None,
) -> None:
    """Find keywords, and where they are, in every sound file below the folder SOUNDS (16 kHz, one channel).

    The model is the preset's, trained first if it is not there. A search that was killed goes on where it was.
    """
    from vgsnb import languages, steps  # torch is slow to import, and other commands do not need it

    paths = sorted(path for path in sounds.rglob("*") if path.suffix.lower() in SOUNDS)
    if not paths:
        raise UserError(f"{sounds} holds no sound file ({', '.join(SOUNDS)}): name the folder of your recordings.")
    chosen = {name: value for name, value in (("queries", queries), ("speech", speech)) if value}
    settings = load_settings(preset, {"languages": chosen})
    known, language = steps.keywords(settings), settings["languages"]["queries"]
    asked = {word: languages.understand(word, known, language) for word in keyword}
    for word in [word for word, found in asked.items() if word != found]:
        click.echo(f"{word} is looked for as {asked[word]}.")
    words = list(dict.fromkeys(asked.values()))
    found = steps.searched(settings, architecture, supervision, seed, paths, method, words, threshold)
    with files.whole_file(to) as path:
        shutil.copyfile(found / "found.csv", path)
    broken = sum(1 for _ in (found / "broken.csv").open()) - 1
    click.echo(f"What was found in {len(paths) - broken} files is in {to}.")
    if broken:
        click.echo(f"{broken} files could not be used; {found / 'broken.csv'} says why.")


def _say_how_long(preset: str) -> None:
    click.echo(f"All runs of preset {preset} take: {takes(preset)}.")


def make_runs(preset: str, only: tuple[str, ...], workers: int) -> dict[str, str]:
    """Execute the matrix on ``workers`` processes that share the cores; return the errors by run id."""
    wanted = runs.matrix(only, preset)
    threads = max(1, (os.cpu_count() or 1) // workers)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=leave_with_parent) as executor:
        return runs.execute_all(wanted, preset, executor, threads, click.echo, at_once=workers)


def build_book(preset: str) -> None:
    """Write the table of contents for the finished runs and render ``_build/html``."""
    from vgsnb.report import book as pages  # Sphinx is slow to import, and runs do not need it

    done = [each for each in runs.matrix(preset=preset) if runs.is_done(each, preset)]
    notebooks = [runs.run_folder(each, preset) / "notebook.ipynb" for each in done]
    index = pages.build(files.project_folder(), notebooks)
    click.echo(f"The book is at {index}")
