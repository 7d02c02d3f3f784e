"""Fetching what publishers do not allow to hand on: resumed when it breaks off, checked, unpacked, marked as complete.

Flickr8k: the photographs belong to the people who put them on Flickr, and the corpus is given for research and
teaching, not for commercial use. Its makers at the University of Illinois have a form to ask for it, which is also the
place to ask what is allowed: https://forms.illinois.edu/sec/1713398. The spoken captions are under CC BY-SA. Nothing of
all this is in the project: it is fetched when somebody calls ``download``, from the addresses below.
"""

import hashlib
import json
import os
import shutil
import ssl
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, responses
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from filelock import FileLock

from vgsnb.corpora import unpacking
from vgsnb.errors import UserError
from vgsnb.files import project_folder, whole_file

STATE = ".download"  # in a corpus's folder: markers, what is half fetched and what is being unpacked
WAITS = (1.0, 5.0, 20.0)  # seconds before a broken connection is tried again, from the start when some bytes came
PATIENCE = 60.0  # seconds without a byte after which a connection counts as broken
EVERY = 5.0  # seconds between two lines of progress
CHUNK = 2**16  # bytes


@dataclass(frozen=True)
class Source:
    """One file to fetch.

    Attributes:
        name: what ``--only`` and messages call it.
        address: where it is.
        files: what must be in the corpus's folder afterwards, not empty; what their paths begin with belongs to it.
        most: bytes that neither the file nor what it unpacks to may exceed.
        size: its bytes, 0 when nobody wrote them down.
        checksum: ``md5:…`` or ``sha256:…``, "" when nobody wrote it down: then the first download is trusted, and
            later ones are compared with that.
    """

    name: str
    address: str
    files: tuple[str, ...]
    most: int
    size: int = 0
    checksum: str = ""

    @property
    def file(self) -> str:
        """The file's name on its server."""
        return PurePosixPath(urlsplit(self.address).path).name


# Nobody publishes sizes to the byte (they are called 1 GB, 3 MB and 4.2 GB). Photographs and text come from a mirror,
# for their makers send the address only to those who fill in the form; the checksums are those of the mirror's files in
# https://github.com/mlverse/torchvision/blob/main/R/dataset-flickr.R.
_MIRROR = "https://github.com/jbrownlee/Datasets/releases/download/Flickr8k"
FLICKR8K = (
    Source(
        name="photographs",
        address=f"{_MIRROR}/Flickr8k_Dataset.zip",
        files=("Flicker8k_Dataset",),  # spelt like this
        most=3 * 10**9,
        checksum="md5:f18a1e2920de5bd84dae7cf08ec78978",
    ),
    Source(
        name="text",
        address=f"{_MIRROR}/Flickr8k_text.zip",
        files=(
            "Flickr8k.token.txt",
            "Flickr_8k.trainImages.txt",
            "Flickr_8k.devImages.txt",
            "Flickr_8k.testImages.txt",
        ),
        most=10**8,
        checksum="md5:bf6c1abcb8e4a833b7f922104de18627",
    ),
    Source(
        name="audio",
        address="https://groups.csail.mit.edu/sls/downloads/flickraudio/downloads/flickr_audio.tar.gz",
        files=("flickr_audio/wavs", "flickr_audio/wav2capt.txt", "flickr_audio/wav2spk.txt"),
        most=20 * 10**9,
        # From its page, https://groups.csail.mit.edu/sls/downloads/flickraudio/, as quoted in
        # https://github.com/DagsHub/audio-datasets/blob/main/Flickr-Audio-Caption-Corpus/README.md.
        checksum="md5:9d078f1f150c26e864aa64d1d733779a",
    ),
    Source(
        name="alignment",
        # The README of the code of Olaleye and Kamper (2021) sends its readers there, and no checksum is published:
        # https://github.com/kayodeolaleye/keyword_localisation_speech/blob/1dac3c8/Interspeech/README.md.
        address="https://raw.githubusercontent.com/kamperh/recipe_semantic_flickraudio/master/data/flickr_8k.ctm",
        files=("flickr_8k.ctm",),
        most=2 * 10**8,
    ),
)
CORPORA: Mapping[str, Sequence[Source]] = {"flickr8k": FLICKR8K}


class _Dropped(Exception):
    """A connection broke, or the server is not well: worth another try."""


def folder_of(corpus: str) -> Path:
    """Where ``corpus`` lies if nobody says otherwise: in ``VGSNB_DATA``, below the project's folder if it is relative.

    Raises:
        UserError: the environment variable is not set.
    """
    given = os.environ.get("VGSNB_DATA")
    if not given:
        raise UserError("VGSNB_DATA does not name a folder for corpora: set it, or give the corpus's folder with --to.")
    place = Path(given).expanduser() / corpus
    return place if place.is_absolute() else project_folder() / place


def download(sources: Sequence[Source], folder: Path, waits: Sequence[float] = WAITS, every: float = EVERY) -> None:
    """Fetch and unpack into ``folder`` those of ``sources`` that are not complete there; one that fails stops no other.

    Two processes do not both fetch: the second waits, then finds what the first has made.

    Args:
        sources: what to fetch.
        folder: the corpus's folder, made when it is missing.
        waits: seconds before each new try of a broken connection.
        every: seconds between two lines of progress.

    Raises:
        UserError: some are missing or broken, each named once with the reason; the others are there.
    """
    problems = {}
    with _disk(folder):
        (folder / STATE).mkdir(parents=True, exist_ok=True)
        with FileLock(folder / STATE / "lock"):
            for source in sources:
                try:
                    with _disk(folder):
                        _get(source, folder, waits, every)
                except UserError as error:
                    problems[source.name] = str(error).rstrip(".")
    if problems:
        listed = "; ".join(f"{name} ({why})" for name, why in problems.items())
        raise UserError(f"{folder} lacks {len(problems)} of {len(sources)} sources, the rest is kept: {listed}.")


def is_complete(source: Source, folder: Path) -> bool:
    """Whether ``download`` finished ``source`` in ``folder`` and all of its files are still there."""
    marker = _read_marker(source, folder)
    if not marker.get("complete") or marker.get("address") != source.address or _lost_files(source, folder):
        return False
    return all((folder / name).is_file() for name in marker["names"])


def fetch(
    source: Source, folder: Path, known: str = "", waits: Sequence[float] = WAITS, every: float = EVERY
) -> tuple[Path, str]:
    """Download ``source`` to ``folder``, unless it is there, and return its path and its sha256.

    What an earlier call left, ``<file>.part``, is continued if the server can do that, and begun again if not. What has
    the wrong size or checksum is removed.

    Args:
        source: what to fetch.
        folder: where it goes; it exists.
        known: the sha256 of an earlier download, compared where the source has no checksum.
        waits: seconds before each new try of a broken connection.
        every: seconds between two lines of progress.

    Raises:
        UserError: the server does not have it, cannot be reached or trusted, or gives something else.
        OSError: the disk is full or must not be written to; what came is kept.
    """
    path, part = folder / source.file, folder / f"{source.file}.part"
    if not path.is_file():
        _download(source, part, waits, every)
        os.replace(part, path)
        _tag(part).unlink(missing_ok=True)
    _say(f"{source.name}: checking {source.file}")
    _require_size(source, path, _size(path))
    return path, _verify(source, path, known)


def _get(source: Source, folder: Path, waits: Sequence[float], every: float) -> None:
    """Make ``source`` complete in ``folder``, unless it is."""
    if is_complete(source, folder):
        _say(f"{source.name}: found")
    else:
        marker = _read_marker(source, folder)
        _refuse_foreign(source, folder, source.files, marker)
        known = marker.get("sha256", "") if marker.get("address") == source.address else ""
        path, sha256 = fetch(source, folder / STATE, known, waits, every)
        with _unpacked(source, path) as made:
            _move_in(source, folder, made, {"size": _size(path), "sha256": sha256})
        trusted = "" if source.checksum else f"; its sha256 {sha256} is trusted, as none is published"
        _say(f"{source.name}: complete{trusted}")
    (folder / STATE / source.file).unlink(missing_ok=True)


def _move_in(source: Source, folder: Path, made: Path, about: dict[str, Any]) -> None:
    """Move the files of ``made`` into ``folder`` and mark ``source``, with ``about``, as complete there."""
    names = sorted(str(each.relative_to(made)) for each in made.rglob("*") if each.is_file())
    _refuse_foreign(source, folder, names, _read_marker(source, folder))
    about |= {"name": source.name, "address": source.address, "published": source.checksum}
    about |= {"files": len(names), "names": names}
    _write_marker(source, folder, about | {"complete": False})  # what a kill leaves of them is known to be ours
    for root in _roots(names):
        _settle(made / root, folder / root)
    _write_marker(source, folder, about | {"complete": True})


def _download(source: Source, part: Path, waits: Sequence[float], every: float) -> None:
    """Go on with ``part`` until it is whole, through at most ``len(waits)`` breaks between which nothing new came."""
    best, left = _size(part), list(waits)
    while True:
        try:
            return _go_on(source, part, every)
        except _Dropped as error:
            if _size(part) > best:
                best, left = _size(part), list(waits)
            if not left:
                raise UserError(
                    f"{source.address} did not come to its end ({error}): {_size(part):,} bytes did and are kept, look"
                    " at your connection and call again to go on."
                ) from error
            _say(f"{source.name}: {error}; trying again in {left[0]:.0f} s")
            time.sleep(left.pop(0))


def _go_on(source: Source, part: Path, every: float) -> None:
    """Ask once for what ``part`` lacks; the part begins anew when the server does not give just that."""
    response = _ask(source, part)
    if response is None:
        return
    with response:
        have = _size(part)
        start = have if response.headers.get("Content-Range", "").startswith(f"bytes {have}-") else 0
        if response.status == 206 and not start:
            part.unlink(missing_ok=True)
            raise _Dropped("the server gave another piece than it was asked for")
        if response.headers.get_content_type() == "text/html":
            raise UserError(f"{source.address} gives a web page and no file: open it in a browser to see what it says.")
        length = response.headers.get("Content-Length", "")
        total = start + int(length) if length.isdigit() else None
        if total is not None:
            _require_size(source, part, total)
        if not start:
            _tag(part).write_text(response.headers.get("ETag", ""))
        with part.open("ab" if start else "wb") as file:
            for chunk in _chunks(response, source, start, total, every):
                file.write(chunk)


def _ask(source: Source, part: Path) -> HTTPResponse | None:
    """Ask for what comes after ``part``; None when nothing does."""
    headers = {"User-Agent": "vgsnb"}
    if have := _size(part):
        headers["Range"] = f"bytes={have}-"
        tag = _tag(part).read_text() if _tag(part).is_file() else ""
        if tag and not tag.startswith("W/"):  # a weak tag says nothing about bytes
            headers["If-Range"] = tag
    try:
        return urlopen(Request(source.address, headers=headers), timeout=PATIENCE)
    except HTTPError as error:
        error.close()
        if have and error.code == 416 and error.headers.get("Content-Range") == f"bytes */{have}":
            return None
        raise _refusal(source, part, error.code) from error
    except (OSError, HTTPException) as error:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise UserError(
                f"{source.address} shows a certificate that is not trusted here ({reason.verify_message}): look at your"
                " clock, or name the certificates of your network in SSL_CERT_FILE."
            ) from error
        raise _Dropped(str(reason) or type(reason).__name__) from error


def _refusal(source: Source, part: Path, code: int) -> Exception:
    """What an answer of 400 or more means: worth another try, with a new part where this one does not fit, or not."""
    answer = f"the server answers {code} {responses.get(code, '')}"  # not in its own words, which may be anything
    if code == 416 and _size(part):
        part.unlink()
        return _Dropped(answer)
    if code in (408, 429) or code >= 500:
        return _Dropped(answer)
    return UserError(
        f"{source.address} cannot be fetched, {answer}: look where its publisher has moved it, or put"
        f" {', '.join(_roots(source.files))} into the folder by hand."
    )


def _chunks(response: HTTPResponse, source: Source, start: int, total: int | None, every: float) -> Iterator[bytes]:
    """The bytes that come, until there are ``total``, with progress; None: nobody knows how many there will be."""
    have, begun = start, time.monotonic()
    said = begun
    while have != total:
        try:
            chunk = response.read1(CHUNK)
        except (OSError, HTTPException) as error:
            raise _Dropped(str(error) or type(error).__name__) from error
        if not chunk:
            break
        have += len(chunk)
        yield chunk
        if have > source.most:
            break
        now = time.monotonic()
        if now - said > every:
            left = (now - begun) * ((total or 0) - have) / (have - start)
            rest = f" of {total / 1e6:.0f} MB, about {left:.0f} s left" if total else " MB"
            _say(f"{source.name}: {have / 1e6:.0f}{rest}")
            said = now
    if total is not None and have < total:
        raise _Dropped("the connection was closed early")


def _require_size(source: Source, path: Path, size: int) -> None:
    """Remove ``path`` and raise ``UserError`` unless ``size`` bytes are what ``source`` should have."""
    if size > source.most or (source.size and size != source.size):
        path.unlink(missing_ok=True)
        right = f"{source.size:,}" if source.size else f"at most {source.most:,}"
        raise UserError(
            f"{source.address} has {size:,} bytes and should have {right}: what came is removed, call again, or ask its"
            " publisher when it stays so."
        )


def _verify(source: Source, path: Path, known: str) -> str:
    """The sha256 of ``path``, which is removed with a ``UserError`` when it is not what it should be."""
    sha256 = _digest(path, "sha256")
    kind, _, right = (source.checksum or f"sha256:{known}").partition(":")
    got = sha256 if kind == "sha256" else _digest(path, kind)
    if got == right or not right:
        return sha256
    path.unlink()
    remedy = "call again, or ask its publisher when it stays so"
    if not source.checksum:
        marker = _marker(source, path.parent)
        remedy = f"it is another file than at first, so ask its publisher, and remove {marker} if the new one is right"
    raise UserError(f"{source.address} has the {kind} {got} and should have {right}: what came is removed, {remedy}.")


def _digest(path: Path, kind: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, kind).hexdigest()


@contextmanager
def _unpacked(source: Source, path: Path) -> Iterator[Path]:
    """Yield a folder beside ``path`` with what is in it, gone afterwards; a file that cannot be used is removed."""
    made = path.with_name(f"{source.name}.unpacked")
    shutil.rmtree(made, ignore_errors=True)  # what a killed call left
    try:
        made.mkdir()
        _fill(made, source, path)
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _fill(made: Path, source: Source, path: Path) -> None:
    try:
        if path.name.endswith(unpacking.ENDINGS):
            _say(f"{source.name}: unpacking {path.name}")
            unpacking.unpack(path, made, source.most)
        else:
            shutil.copyfile(path, made / path.name)
        if lost := _lost_files(source, made):
            raise UserError(f"{source.address} does not hold {', '.join(lost)}: ask its publisher for a right one.")
    except UserError:
        path.unlink()
        raise


def _lost_files(source: Source, folder: Path) -> list[str]:
    """Those of ``source.files`` that ``folder`` lacks, or has without a byte or entry."""
    paths = {file: folder / file for file in source.files}
    return [file for file, path in paths.items() if not (any(path.iterdir()) if path.is_dir() else _size(path))]


def _roots(files: Iterable[str]) -> list[str]:
    """What the paths of ``files`` begin with."""
    return sorted({PurePosixPath(file).parts[0] for file in files})


def _refuse_foreign(source: Source, folder: Path, files: Iterable[str], marker: dict[str, Any]) -> None:
    """Raise ``UserError`` when ``folder`` has what ``files`` begin with and the marker does not say that it is ours."""
    ours = _roots(marker.get("names", []))
    for root in _roots(files):
        if root not in ours and os.path.lexists(folder / root):
            raise UserError(
                f"{folder / root} is there and was not downloaded by this command: move it away, or keep it and leave"
                f" {source.name} out."
            )


def _settle(made: Path, place: Path) -> None:
    """Move ``made`` to ``place``, at once when nothing is there, else file by file into what is there."""
    if made.is_dir() and place.is_dir():
        for each in made.iterdir():
            _settle(each, place / each.name)
    else:
        os.replace(made, place)


def _marker(source: Source, state: Path) -> Path:
    return state / f"{source.name}.json"


def _read_marker(source: Source, folder: Path) -> dict[str, Any]:
    """What was said of ``source`` when it came, empty when it never did."""
    try:
        marker = json.loads(_marker(source, folder / STATE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return marker if isinstance(marker, dict) and isinstance(marker.get("names"), list) else {}


def _write_marker(source: Source, folder: Path, about: dict[str, Any]) -> None:
    with whole_file(_marker(source, folder / STATE)) as path:
        path.write_text(json.dumps(about, indent=1), encoding="utf-8")


def _tag(part: Path) -> Path:
    """Where the server's name for the bytes of ``part``, its ETag, is kept."""
    return part.with_name(f"{part.name}.tag")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(
            f"Cannot write to {folder}: {error.strerror or error}; free space or change its folder."
        ) from error
