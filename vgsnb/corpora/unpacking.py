"""Unpacking archives that others made: every member is looked at before the first one is written."""

import gzip
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath, PureWindowsPath

from vgsnb.errors import UserError

ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz")
JUNK = ("__MACOSX", ".DS_Store")  # what a Mac adds, besides files whose name begins with "._"
MOST_MEMBERS = 200_000  # five times what the largest archive here holds; a million empty files fill a disk too
BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError, NotImplementedError)


@dataclass(frozen=True)
class _Member:
    """One entry of a zip or tar archive: ``extract`` writes it below the folder that it is given."""

    name: str
    size: int  # bytes, as the archive says; neither library reads more than that
    plain: bool  # a file or a folder that can be read: no link, device or pipe, not encrypted
    extract: Callable[[Path], object]


def unpack(archive: Path, folder: Path, most: int) -> None:
    """Unpack ``archive``, one of ``ENDINGS``, below ``folder``, which should be new and empty.

    Args:
        archive: a zip or tar file.
        folder: what is written stays inside it.
        most: bytes that its members may have together.

    Raises:
        UserError: the archive is broken or says it is larger than ``most``, or a member would lie outside the folder,
            or is a link, device or pipe; in all cases but the first nothing has been written.
        OSError: the disk is full or must not be written to.
    """
    try:
        for _ in _checked(archive, most):
            pass
        for member in _checked(archive, most):
            member.extract(folder)
    except BROKEN as error:
        raise UserError(f"{archive.name} is broken ({error or type(error).__name__}): download it again.") from error


def _checked(archive: Path, most: int) -> Iterator[_Member]:
    """Yield the members but for junk; one that must not be written ends it all, named by ``repr``, as it may be odd."""
    size = 0
    for number, member in enumerate(_members(archive), start=1):
        size += member.size
        if size > most or number > MOST_MEMBERS:
            raise UserError(
                f"{archive.name} is not unpacked, as it would make more than {most:,} bytes or {MOST_MEMBERS:,} files:"
                " ask its publisher for a right one."
            )
        if danger := _danger(member):
            raise UserError(
                f"{archive.name} is not unpacked, as its member {member.name[:100]!r} {danger}:"
                " ask its publisher for a right one."
            )
        if not _is_junk(member.name):
            yield member


def _members(archive: Path) -> Iterator[_Member]:
    """The entries in order, each before its bytes are read, so that a bomb need not go off to be seen."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as zipped:
            for info in zipped.infolist():
                kind = stat.S_IFMT(info.external_attr >> 16)
                plain = kind in (0, stat.S_IFREG, stat.S_IFDIR) and not info.flag_bits & 1  # bit 1: encrypted
                yield _Member(info.filename, info.file_size, plain, partial(zipped.extract, info))
    else:
        with tarfile.open(archive, "r:" if archive.suffix == ".tar" else "r:gz") as tarred:
            for entry in tarred:
                plain = entry.isfile() or entry.isdir()
                yield _Member(entry.name, entry.size, plain, partial(_extract, tarred, entry))


def _extract(tarred: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    """Write a plain file or folder. ``TarFile.extract`` is only safe with a filter, which Python has since 3.11.4."""
    place, source = folder / entry.name, tarred.extractfile(entry)
    if source is None:
        place.mkdir(parents=True, exist_ok=True)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with source, place.open("wb") as file:
        shutil.copyfileobj(source, file)


def _danger(member: _Member) -> str:
    """Why a member must not be written, or "".

    Links are refused wherever they point: nothing here needs them, and a chain of them has led out of a folder
    although each was looked at.
    """
    path = PureWindowsPath(member.name)  # knows both kinds of slash, and drives
    if path.drive or path.root or ".." in path.parts:
        return "would lie outside the folder"
    if not member.plain:
        return "is no plain file or folder"
    if member.size < 0:
        return "says that it has less than no bytes"
    return ""


def _is_junk(name: str) -> bool:
    return any(part in JUNK or part.startswith("._") for part in PurePosixPath(name).parts)
