"""Flickr8k as its publishers lay it out, in small: what readers and steps are tried on."""

import gzip
from pathlib import Path

from PIL import Image

from vgsnb.corpora import flickr8k

NAMES = {"train": ["1_a", "2_b", "3_c", "4_d"], "dev": ["5_e"], "test": ["6_f", "7_g"]}
EVERY = [name for names in NAMES.values() for name in names]


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_flickr8k(place: Path) -> Path:
    """Seven pictures, of which one is lost, two captions each, and one row that is none."""
    captions = list[str]()
    for split, names in NAMES.items():
        write(place / flickr8k.SPLITS[split], *(f"{name}.jpg" for name in names))
        for name in names:
            captions += [f"{name}.jpg#{k}\tA dog number {k} runs to the ball ." for k in range(2)]
    write(place / flickr8k.CAPTIONS, *captions, "a row without caption")
    (place / "images").mkdir()
    for name in EVERY:
        if name != "4_d":
            Image.new("RGB", (8, 8)).save(place / "images" / f"{name}.jpg")
    spoken = [f"{number % 3:03d}_{line.split('.')[0]}_{number % 2} words" for number, line in enumerate(captions)]
    (place / "audio_meta").mkdir()
    (place / flickr8k.SPEAKERS).write_bytes(gzip.compress("\n".join(spoken[:8]).encode()))
    german = "1_a.jpg\tt2.de.1\tEin Hund läuft.\n1_a.jpg\tt1.de\tEin Hund.\n"
    (place / "captions_de.tsv.gz").write_bytes(gzip.compress(german.encode()))
    return place
