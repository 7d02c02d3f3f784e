"""Errors that a user can cause, each one sentence with the file or value and the remedy."""

from collections.abc import Iterable


class UserError(Exception):
    """Something outside the code is wrong; the message names it and says what to do."""


def require_known(kind: str, value: str, known: Iterable[str]) -> None:
    """Raise ``UserError`` with the list of what there is, unless ``value`` is one of ``known``."""
    names = list(known)
    if value not in names:
        raise UserError(f"There is no {kind} {value!r}; choose one of: {', '.join(names)}.")
