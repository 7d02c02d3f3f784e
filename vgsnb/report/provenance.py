"""Where a result comes from: everything that one needs to make it again, and the command that does."""

import platform
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml

PACKAGES = (
    "vgsnb",
    "torch",
    "torchaudio",
    "torchvision",
    "numpy",
    "pandas",
    "scikit-learn",
    "soundfile",
    "espeakng-loader",
)


def provenance(
    notebook: str,
    parameters: Mapping[str, Any],
    defaults: Mapping[str, Any],
    *,
    project: Path,
    device: str,
    hashes: Mapping[str, str],
    seconds: float,
    corpora: Sequence[str] = (),
    packages: tuple[str, ...] = PACKAGES,
) -> dict[str, Any]:
    """Collect where the run of a ``notebook`` template comes from, as a dictionary that JSON can hold.

    ``defaults`` are those of the template's parameters cell, ``parameters`` what was set otherwise. ``hashes`` names
    the data and the checkpoints by their content, ``device`` what computed, ``seconds`` how long it took, ``corpora``
    the names of what it was measured on. The commit is that of the Git repository at ``project``; *dirty* means that
    tracked files differed from it.
    """
    values = {**defaults, **parameters}
    return {
        "notebook": notebook,
        "parameters": {name: values[name] for name in sorted(values)},
        "changed": sorted(name for name in parameters if name not in defaults or parameters[name] != defaults[name]),
        "seed": values.get("seed"),
        "corpora": list(corpora),
        **_commit(project),
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in packages}},
        "device": device,
        "hashes": dict(sorted(hashes.items())),
        "seconds": round(float(seconds), 1),
        "command": command(notebook, {k: v for k, v in parameters.items() if k not in defaults or v != defaults[k]}),
    }


def command(notebook: str, parameters: Mapping[str, Any]) -> str:
    """Return the papermill command line that runs ``notebook`` with ``parameters``.

    papermill reads a value after ``-p`` as a number or a truth value where it looks like one, so that a text which
    does (``0001``) goes after ``-r``; lists and tables go after ``-y``.
    """
    words = ["papermill", notebook, "out.ipynb"]
    for name, value in parameters.items():
        if isinstance(value, str):
            words += ["-p" if isinstance(yaml.safe_load(value or "''"), str) and value else "-r", name, value]
        elif isinstance(value, bool | int | float):
            words += ["-p", name, str(value)]
        else:
            words += ["-y", yaml.safe_dump({name: value}, default_flow_style=True, width=10_000).strip()]
    return shlex.join(words)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit(project: Path) -> dict[str, Any]:
    """The commit at ``project``, and whether its tracked files were changed; None for both outside of Git."""
    try:
        head = _git(project, "rev-parse", "HEAD")
        return {"commit": head, "dirty": bool(_git(project, "status", "--porcelain", "--untracked-files=no"))}
    except (OSError, subprocess.CalledProcessError):
        return {"commit": None, "dirty": None}


def _git(project: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", project, *words], check=True, capture_output=True, text=True).stdout.strip()


def provenance_table(record: Mapping[str, Any]) -> str:
    """Return a record of ``provenance`` as an HTML table; parameters that differ from the default stand in bold."""
    changed = set(record.get("changed", ()))
    parameters = [
        f"<b>{_pair(name, value)}</b>" if name in changed else _pair(name, value)
        for name, value in record["parameters"].items()
    ]
    words = [f"<span>{escape(shlex.quote(word))}</span>" for word in shlex.split(record["command"])]
    rows = {
        "Made by": f"<code>{' '.join(words)}</code>",
        "Parameters (bold: not the default)": "<br>".join(parameters),
        "Seed": escape(str(record["seed"])),
        "Corpus": escape(", ".join(record["corpora"])) or "–",
        **_where(record),
        "Data and checkpoints": "<br>".join(_pair(name, value) for name, value in record["hashes"].items()) or "–",
        "Duration": _duration(record["seconds"]),
    }
    return _table(rows, "Provenance")


def stored_table(record: Mapping[str, Any]) -> str:
    """Return where the stored results of a preset come from (``stored.keep``) as an HTML table."""
    numbers = escape(yaml.safe_dump(record["numbers"], sort_keys=False, default_flow_style=None, width=100))
    rows = {
        "Preset": f"<code>{escape(record['preset'])}</code>",
        "Corpus": escape(record["corpus"]),
        **_where(record),
        "Library": f"<code>{escape(record['library'])}</code>",
        "Tables": escape(", ".join(record["tables"])),
        "Numbers": f"<details><summary>All of the preset's</summary><pre>{numbers}</pre></details>",
    }
    return _table(rows, "Provenance of the stored results")


def _where(record: Mapping[str, Any]) -> dict[str, str]:
    """The rows that say by what code and on what machine something was made."""
    commit = record["commit"] or "not under Git"
    return {
        "Commit": f"<code>{escape(commit)}</code>" + (", with changes not committed" if record["dirty"] else ""),
        "Versions": ", ".join(escape(f"{k} {v}") for k, v in record["versions"].items() if v),
        "Device": escape(record["device"]),
    }


def _table(rows: Mapping[str, str], label: str) -> str:
    body = "".join(f'<tr><th scope="row">{name}</th><td>{cell}</td></tr>' for name, cell in rows.items())
    table = f'<table class="vgsnb-provenance" aria-label="{label}"><tbody>{body}</tbody></table>'
    return f"<style>{_STYLE}</style>{table}"


def _pair(name: str, value: Any) -> str:
    return f"{escape(str(name))} = <code>{escape(str(value))}</code>"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"


# The colours follow the page, light or dark.
_STYLE = (
    ".vgsnb-provenance{width:100%;border-collapse:collapse;font-size:.85rem;color:inherit;background:none}"
    ".vgsnb-provenance :is(th,td){text-align:left;vertical-align:top;padding:.25rem .8rem .25rem 0;"
    "border:0;border-bottom:1px solid #8886;color:inherit;background:none}"
    ".vgsnb-provenance td{overflow-wrap:anywhere}"
    ".vgsnb-provenance code span{display:inline-block}"  # no line ends between a hyphen and its letter
    ".vgsnb-provenance th{width:11rem;font-weight:600}"
    ".vgsnb-provenance code{color:inherit;background:none;border:0;padding:0;white-space:pre-wrap}"
    "@media(max-width:600px){.vgsnb-provenance :is(th,td){display:block;width:auto}.vgsnb-provenance th{border:0}}"
)
