"""Parameters → papermill → a finished run folder: the matrix of ``book/runs.yml``, and where its runs execute."""

import ast
import hashlib
import itertools
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any

import nbformat
import papermill
import yaml
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError
from traitlets import Type

from vgsnb import devices, files
from vgsnb.errors import UserError, require_known
from vgsnb.report import provenance
from vgsnb.settings import load_settings, read_book
from vgsnb.steps import MADE_FROM, data_of

KERNEL = "python3"
# A run's parameters, and what a preset's systems are listed by.
SYSTEMS = {"architecture": "architectures", "supervision": "supervisions", "seed": "seeds"}
LIVE_NOTE = (
    "<p><em>Here stand menus to choose from, when this notebook is open in JupyterLab (<code>make lab</code>).</em></p>"
)


class PatientChannel(AsyncZMQSocketChannel):
    """Looks every second whether a message has come: a message that is sent meanwhile (an Output widget's state, say)
    can take away the sign that one has come, and the cell would wait for ever (nbclient's issue 312)."""

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]
        """The next message; ``timeout`` in seconds."""
        while timeout is None and not await self.socket.poll(1000):
            pass
        return await super().get_msg(timeout)


class PatientClient(AsyncKernelClient):
    """Waits patiently for a kernel's replies; the shell channel alone is also sent on while it is waited on."""

    shell_channel_class = Type(PatientChannel)


class LocalKernelManager(AsyncKernelManager):
    """Talks to its kernel through sockets in a folder of its own: two kernels that are started at once can be given the
    same free port, and then one of them dies (papermill's issue 511)."""

    client_factory = Type(PatientClient)

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        if os.name == "posix":
            self.transport = "ipc"
            self._sockets = tempfile.TemporaryDirectory(prefix="vgsnb-")
            self.ip = str(Path(self._sockets.name) / "kernel")


@dataclass(frozen=True)
class Run:
    """One template with its parameters.

    ``needs`` are the runs that go first, ``presets`` those it is part of (all), ``reads`` folders of the project and
    ``data`` folders of ``VGSNB_DATA``, where there are some.
    """

    id: str
    notebook: str
    parameters: dict[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    presets: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    data: tuple[str, ...] = ()


def matrix(only: tuple[str, ...] = (), preset: str | None = None) -> list[Run]:
    """The runs of ``book/runs.yml`` in order; with ``only``, those ids and what they need.

    With ``preset``, those of the architectures, supervisions and seeds that it has. A row may say for which ``presets``
    it is made when all runs are; what ``only`` names is made for any.
    """
    runs = [run for row in read_book()["matrix"] for run in _expand(row)]
    runs = [replace(run, needs=_resolve(run.needs, runs)) for run in runs]
    runs = _with_systems(runs, load_settings(preset).numbers.get("systems", {})) if preset else runs
    for name in only:
        require_known("run", name, [run.id for run in runs])
    usual = {run.id for run in runs if preset is None or not run.presets or preset in run.presets}
    wanted = _with_needs(set(only) or usual, {run.id: run for run in runs})
    return [run for run in runs if run.id in wanted]


def _expand(row: Mapping[str, Any]) -> list[Run]:
    axes = row.get("for", {})
    combinations = [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]
    return [
        Run(
            row["id"].format(**values),
            row["notebook"],
            {**row.get("parameters", {}), **values},
            tuple(need.format(**values) for need in row.get("needs", [])),
            tuple(row.get("presets", [])),
            tuple(row.get("reads", [])),
            tuple(row.get("data", [])),
        )
        for values in combinations
    ]


def _with_systems(runs: list[Run], systems: Mapping[str, Any]) -> list[Run]:
    """The ``runs`` whose architecture, supervision and seed are among ``systems``, needing no other ones."""
    axes = [(kind, systems[several]) for kind, several in SYSTEMS.items() if several in systems]
    there = {run.id for run in runs if all(run.parameters.get(kind, known[0]) in known for kind, known in axes)}
    return [replace(run, needs=tuple(need for need in run.needs if need in there)) for run in runs if run.id in there]


def _resolve(needs: tuple[str, ...], runs: list[Run]) -> tuple[str, ...]:
    """``train``, which is no run, stands for every run whose id begins with ``train-``."""
    ids = [run.id for run in runs]
    found = {need: [need] if need in ids else [name for name in ids if name.startswith(f"{need}-")] for need in needs}
    for need, several in found.items():
        if not several:
            raise UserError(f"A run in book/runs.yml needs {need!r}, which is no run there; mend its 'needs'.")
    return tuple(dict.fromkeys(itertools.chain.from_iterable(found.values())))


def _with_needs(ids: set[str], runs: dict[str, Run]) -> set[str]:
    needed = {need for name in ids for need in runs[name].needs}
    return ids if needed <= ids else _with_needs(ids | needed, runs)


def library() -> list[str]:
    """The names of all modules of the library."""
    return sorted(
        ".".join(path.relative_to(Path(__file__).parents[1]).with_suffix("").parts)
        for path in Path(__file__).parent.rglob("*.py")
    )


def about_run(run: Run, preset: str) -> dict[str, Any]:
    """What a run is found by: its template, parameters, what it reads, the preset's numbers and data, the library."""
    template = files.project_folder() / "notebooks" / run.notebook
    parameters = {"template": template.read_text(encoding="utf-8"), **run.parameters}
    settings = load_settings(preset)
    parameters["numbers"] = settings.numbers
    parameters |= {"reads": _contents(run.reads)} if run.reads else {"data": data_of(settings)}
    parameters |= {"outside": _sizes(run.data)} if run.data and os.environ.get("VGSNB_DATA") else {}
    return {"run": run.id, "key": files.content_key(parameters, library(), ("torch", "papermill"))}


def _contents(folders: tuple[str, ...]) -> dict[str, str]:
    """What lies in ``folders`` of the project, each file by its content."""
    project = files.project_folder()
    paths = sorted(path for folder in folders for path in (project / folder).rglob("*") if path.is_file())
    return {path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _sizes(folders: tuple[str, ...]) -> dict[str, int]:
    """What lies in ``folders`` of ``VGSNB_DATA``, each file by its size: recordings are not read to be told apart."""
    data = files.data_folder()
    paths = sorted(path for folder in folders for path in (data / folder).rglob("*") if path.is_file())
    return {path.relative_to(data).as_posix(): path.stat().st_size for path in paths}


def run_folder(run: Run, preset: str) -> Path:
    """Where a finished run lies."""
    return files.runs_folder() / preset / run.id


def is_done(run: Run, preset: str) -> bool:
    """Whether the run is there, made from what would be run now."""
    return files.is_whole(run_folder(run, preset), about_run(run, preset))


def check_parameters(template: Path, parameters: Mapping[str, Any]) -> None:
    """Refuse names that the template's parameters cell does not have; papermill takes them without a word."""
    known = papermill.inspect_notebook(str(template))
    for name in parameters:
        require_known(f"parameter of {template.name}", name, known)


def execute(run: Run, preset: str, threads: int = 0) -> Path:
    """Run one template to the end and return its folder; an error leaves a log and nothing in the folder.

    ``threads`` bounds what the kernel may use, 0 for no bound.
    """
    if threads:
        os.environ["OMP_NUM_THREADS"] = str(threads)
    return files.find_or_make(
        run_folder(run, preset), about_run(run, preset), lambda folder: _execute_into(folder, run, preset)
    )


def _execute_into(folder: Path, run: Run, preset: str) -> None:
    project = files.project_folder()
    template, output = project / "notebooks" / run.notebook, folder / "notebook.ipynb"
    parameters = {**run.parameters, "preset": preset, "run_folder": str(folder)}
    check_parameters(template, parameters)
    begun = time.time()
    try:
        papermill.execute_notebook(
            str(template),
            str(output),
            parameters,
            kernel_name=KERNEL,
            kernel_manager_class=LocalKernelManager,
            resources={"metadata": {"path": str(project)}},  # papermill's `cwd` would move every thread of this process
            progress_bar=False,
        )
    except papermill.PapermillExecutionError as error:
        log = keep_failure(run, preset, output, str(error))
        raise UserError(f"Run {run.id} failed with {error.ename}: {error.evalue} (see {log}).") from error
    except DeadKernelError as error:
        log = keep_failure(run, preset, output, str(error))
        raise UserError(f"Run {run.id} lost its kernel, maybe to full memory: use --workers 1 (see {log}).") from error
    parameters["run_folder"] = ""
    record = _provenance(template, parameters, folder, time.time() - begun)
    (folder / "parameters.yaml").write_text(yaml.safe_dump(record["parameters"], sort_keys=False))
    (folder / "provenance.json").write_text(json.dumps(record, indent=1))
    nbformat.write(polish(nbformat.read(output, as_version=4), parameters, record), output)


def _provenance(template: Path, parameters: Mapping[str, Any], folder: Path, seconds: float) -> dict[str, Any]:
    cell = papermill.inspect_notebook(str(template))
    made_from = json.loads((folder / MADE_FROM).read_text()) if (folder / MADE_FROM).is_file() else {"hashes": {}}
    return provenance.provenance(
        f"notebooks/{template.name}",
        parameters,
        {name: ast.literal_eval(value["default"]) for name, value in cell.items()},
        project=files.project_folder(),
        device=devices.describe(),
        seconds=seconds,
        **made_from,
    )


def keep_failure(run: Run, preset: str, output: Path, error: str) -> Path:
    """Move a failed notebook out of the run folder and write its error beside it; return the log's path."""
    folder = files.runs_folder() / preset / "failed"
    folder.mkdir(parents=True, exist_ok=True)
    if output.exists():
        shutil.move(output, folder / f"{run.id}.ipynb")
    log = folder / f"{run.id}.log"
    log.write_text(error, encoding="utf-8")
    return log


def polish(notebook: Any, parameters: Mapping[str, Any], record: Mapping[str, Any]) -> Any:
    """An executed notebook as a page of the book: titled by its parameters, with its corpus below the title and its
    provenance at the end.

    Widgets and what cells tagged ``live`` show go (they have no kernel behind a page), so do progress lines and
    papermill's times: the same run gives the same page.
    """
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if {"parameters", "injected-parameters"} & set(tags):
            cell.metadata["tags"] = sorted({*tags, "remove-cell"})
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _passing(output)]
        if "live" in tags:
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": LIVE_NOTE})]
    title, _, rest = notebook.cells[0].source.partition("\n")
    title += ", seed {{ seed }}" if "seed" in parameters else ""
    named = f"\n*Corpus: {escape(', '.join(record['corpora']))}.*\n" if record["corpora"] else ""
    notebook.cells[0].source = f"{title}\n{named}{rest}"
    notebook.metadata.pop("widgets", None)
    notebook.metadata.pop("papermill", None)
    titles = {name: str(value) for name, value in parameters.items() if name != "run_folder"}
    notebook.metadata["myst"] = {"enable_extensions": ["substitution"], "substitutions": titles}
    shown = nbformat.v4.new_output("display_data", {"text/html": provenance.provenance_table(record)})
    last = nbformat.v4.new_code_cell(
        "# Where this page comes from", outputs=[shown], metadata={"tags": ["remove-input"]}, id="provenance"
    )
    notebook.cells.append(last)
    return notebook


def _passing(output: Mapping[str, Any]) -> bool:
    return output.get("name") == "stderr" or any("jupyter.widget" in kind for kind in output.get("data", {}))


def execute_all(
    runs: list[Run],
    preset: str,
    executor: Executor,
    threads: int = 0,
    say: Callable[[str], None] = print,
    at_once: int = 0,
) -> dict[str, str]:
    """Execute ``runs`` on any ``concurrent.futures`` executor, each after those it needs; return errors by run id.

    The executor is given ``at_once`` runs at a time, the first ones of ``runs`` that are ready, or with 0 all of them;
    as many as it has workers, so that what comes first in the matrix starts first. A run that is found is not repeated.
    One that fails takes only those with it that need it.
    """
    errors, waiting, going = dict[str, str](), {run.id: run for run in runs}, dict[Future[Path], tuple[Run, float]]()
    done = {run.id for run in runs if is_done(run, preset)}
    say(f"{len(runs)} runs of preset {preset}: {len(done)} found, {len(runs) - len(done)} to make")
    waiting = {name: run for name, run in waiting.items() if name not in done}
    while waiting or going:
        for run in _doomed(waiting, errors):
            errors[run.id] = f"Run {run.id} was not started: it needs {', '.join(n for n in run.needs if n in errors)}."
            say(errors[run.id])
            del waiting[run.id]
        ready = [run for run in waiting.values() if set(run.needs) <= done]
        for run in ready[: at_once - len(going)] if at_once else ready:
            going[executor.submit(execute, waiting.pop(run.id), preset, threads)] = (run, time.time())
        if waiting and not going and not _doomed(waiting, errors):
            raise UserError(f"These runs need each other in a circle: {', '.join(waiting)}; mend book/runs.yml.")
        finished, _ = wait(going, return_when=FIRST_COMPLETED)
        for future in finished:
            run, begun = going.pop(future)
            _note(run, future, time.time() - begun, done, errors, say)
    return errors


def _doomed(waiting: Mapping[str, Run], errors: Mapping[str, str]) -> list[Run]:
    return [run for run in waiting.values() if set(run.needs) & set(errors)]


def _note(
    run: Run, future: Future[Path], seconds: float, done: set[str], errors: dict[str, str], say: Callable[[str], None]
) -> None:
    error = future.exception()
    if error is None:
        done.add(run.id)
        say(f"  {run.id}: done, {seconds:.0f} s since it was queued ({len(done)} in all)")
    else:
        errors[run.id] = str(error)
        say(f"  {run.id}: FAILED. {error}")
