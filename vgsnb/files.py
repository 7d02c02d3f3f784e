"""Where results lie, and how they get there whole: atomic writes, content keys, find-or-make folders."""

import ast
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock

from vgsnb.errors import UserError

DONE = "complete.json"
BEGUN = "begun.json"


def project_folder() -> Path:
    """The folder that holds ``book/runs.yml``: ``VGSNB_HOME``, or the nearest one upwards from here."""
    given = os.environ.get("VGSNB_HOME")
    places = [Path(given)] if given else [Path.cwd(), *Path.cwd().parents, Path(__file__).parents[1]]
    for place in places:
        if (place / "book" / "runs.yml").is_file():
            return place.resolve()
    raise UserError(f"No book/runs.yml in {places[0]} or above it: start from the project's folder or set VGSNB_HOME.")


def runs_folder() -> Path:
    """Where runs and the results of their steps lie: ``VGSNB_RUNS``, or ``runs``, below the project's folder.

    The same for a notebook, which starts in ``notebooks``, and a command in the root; an absolute path stays as it is.
    """
    given = Path(os.environ.get("VGSNB_RUNS") or "runs").expanduser()
    return given if given.is_absolute() else project_folder() / given


def data_folder() -> Path:
    """Where collections lie that are not ours to pass on: ``VGSNB_DATA``, below the project's folder or absolute."""
    given = os.environ.get("VGSNB_DATA")
    if not given:
        raise UserError("VGSNB_DATA does not say where the data lie: set it to the folder that holds flickr8k.")
    place = Path(given).expanduser()
    place = place if place.is_absolute() else project_folder() / place
    if not place.is_dir():
        raise UserError(f"VGSNB_DATA is {given!r}, which is no folder: set it to the folder that holds flickr8k.")
    return place


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` that replaces it when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise UserError(f"Cannot write {path}: {error.strerror or error}; free space or change its folder.") from error
    finally:
        temporary.unlink(missing_ok=True)


@lru_cache
def source_of(*modules: str) -> str:
    """Hash the source of ``modules`` and of every ``vgsnb`` module they import, directly or not.

    Once a process: what is edited while it runs is not what it runs.
    """
    waiting, seen = list(modules), dict[str, bytes]()
    while waiting:
        name = waiting.pop()
        path = _file_of(name)
        if name in seen or path is None:
            continue
        seen[name] = path.read_bytes()
        waiting += [name.rpartition(".")[0], *_imports(seen[name])]  # a module's room runs its __init__ first
    digest = hashlib.sha256()
    for name in sorted(seen):
        digest.update(name.encode() + seen[name])
    return digest.hexdigest()


def _file_of(module: str) -> Path | None:
    """The file of a module below ``vgsnb``, found without importing it; None for all else."""
    first, *rest = module.split(".")
    if first != "vgsnb" or not rest:
        return None
    place = Path(__file__).parent.joinpath(*rest)
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)


def _imports(source: bytes) -> list[str]:
    names = list[str]()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names


def content_key(parameters: dict[str, Any], modules: list[str], packages: tuple[str, ...] = ()) -> str:
    """The key of a step's result: its parameters and inputs, the code that makes it and the versions that matter."""
    versions = {name: version(name) for name in packages}
    text = json.dumps([parameters, source_of(*modules), versions], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_whole(folder: Path, about: dict[str, Any] | None = None) -> bool:
    """Whether ``find_or_make`` finished ``folder``, from what ``about`` says where it is given."""
    return (folder / DONE).is_file() and (about is None or _about(folder / DONE) == _plain(about))


def find_or_make(folder: Path, about: dict[str, Any], make: Callable[[Path], None]) -> Path:
    """Return ``folder``, made by ``make(temporary folder)`` first unless it is there, whole and made from ``about``.

    Two processes that want the same folder do not both make it. What a killed ``make`` left in the temporary folder
    is handed to the next one, which may continue from it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f".{folder.name}.lock")):
        if is_whole(folder, about):
            os.utime(folder / DONE)  # when it was last asked for, for `unused`
            return folder
        unfinished = _unfinished(folder, about)
        try:
            make(unfinished)
            os.replace(unfinished / BEGUN, unfinished / DONE)
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(unfinished, folder)
        except OSError as error:
            raise UserError(f"Cannot finish {folder}: {error}; free space or mend its folder.") from error
    return folder


def unused(folder: Path, days: float) -> list[Path]:
    """The results in ``folder``, finished or not, that were asked for ``days`` or more before the last one, in order.

    By the last one and not by the clock: what a finished book was made from does not age by being read.
    """
    marks = [*folder.glob(f"*/{DONE}"), *folder.glob(f".*/{BEGUN}")]
    asked = {mark.parent: mark.stat().st_mtime for mark in marks}
    last = max(asked.values(), default=0.0)
    return sorted(path for path, when in asked.items() if last - when > 86400 * days)


def _unfinished(folder: Path, about: dict[str, Any]) -> Path:
    """The temporary folder for ``folder``: what was begun from the same ``about``, or a new one."""
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    if not (unfinished / BEGUN).is_file() or _about(unfinished / BEGUN) != _plain(about):
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        (unfinished / BEGUN).write_text(json.dumps(_plain(about), indent=1, sort_keys=True))
    return unfinished


def _plain(about: dict[str, Any]) -> Any:
    return json.loads(json.dumps(about, default=str))


def _about(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except ValueError:
        return None
