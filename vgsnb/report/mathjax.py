"""A Sphinx extension that puts MathJax into the book, so that its equations are drawn without network.

The script comes from the installed package ``sphinx-mathjax-offline``. Of its 24 MB one file is used, the one that
draws SVG: it brings its letters with it, where the others load fonts, which Firefox refuses to pages opened as files.
"""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from vgsnb.files import whole_file

PACKAGE = "sphinx-mathjax-offline"
SCRIPT = "mathjax/tex-svg.js"


def script() -> Path:
    """The installed script; ``ExtensionError`` when the package that brings it is missing."""
    try:
        found = Path(str(distribution(PACKAGE).locate_file(f"{PACKAGE}/static/{SCRIPT}")))
    except PackageNotFoundError as error:
        raise ExtensionError(f"The package {PACKAGE} is not installed; run `make book` or install it.") from error
    if not found.is_file():
        raise ExtensionError(f"{found} is missing; install {PACKAGE} again.")
    return found


def _copy(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    source, target = script(), Path(app.outdir) / "_static" / SCRIPT
    if not target.is_file() or target.stat().st_size != source.stat().st_size:
        with whole_file(target) as path:
            path.write_bytes(source.read_bytes())


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx when the book is built."""
    app.connect("builder-inited", _copy)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
