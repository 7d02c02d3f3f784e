"""Training: one epoch of our loop against the released loop, both on paper-size CNN-Attend and the same sound.

The released loop is written anew from its description: MFCCs are computed at every access, every utterance is cut or
zero-padded to 800 frames, batches of 32, float32, Adam, padding attended to. Ours is what notebooks run: features are
there, batches are of like length, the precision is the machine's fastest; validation and checkpoint are part of it.
"""

import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile
import torch
from bench_masking import PADDED, released
from timing import compare
from torch.nn import functional

from vgsnb import devices, training
from vgsnb.models import build
from vgsnb.speech.features import FeatureSettings, build_store, extract
from vgsnb.speech.sound import read_audio
from vgsnb.vocabulary import KEYWORDS

RATE = 16000
BATCH = 32
FILES = 1000
LENGTHS = (2.0, 6.0)  # seconds, of the shortest and the longest utterance; 4 s in the mean


def sounds(folder, count):
    """``count`` files of noise, whose features take as long as those of speech; beyond ``FILES`` by other names."""
    rng = np.random.default_rng(0)
    for number, length in enumerate(rng.uniform(*LENGTHS, min(count, FILES))):
        soundfile.write(folder / f"{number}.wav", 0.1 * rng.normal(size=round(length * RATE)), RATE)
    for number in range(FILES, count):
        (folder / f"{number}.wav").symlink_to(folder / f"{number % FILES}.wav")
    return [(str(number), folder / f"{number}.wav") for number in range(count)]


def released_loop(model, items, targets, optimiser, place):
    model.train()
    for start in range(0, len(items), BATCH):
        some = items[start : start + BATCH]
        batch = torch.zeros(len(some), PADDED, 39)
        for row, (_, path) in enumerate(some):
            found = torch.from_numpy(extract(read_audio(path, RATE), FeatureSettings()))[:PADDED]
            batch[row, : len(found)] = found
        wanted = torch.tensor(targets.loc[[name for name, _ in some]].to_numpy(), device=place)
        optimiser.zero_grad()
        functional.binary_cross_entropy_with_logits(released(model, batch.to(place)), wanted).backward()
        optimiser.step()


def our_epoch(model, store, targets):
    with tempfile.TemporaryDirectory() as folder:
        training.train(model, store, targets, targets[:BATCH], Path(folder), epochs=1, batch_size=BATCH)


def main(utterances=1024, slow_batches=2, sizes=None, repeats=5, folder=None):
    place = devices.find_device()
    with tempfile.TemporaryDirectory() as sound:
        items = sounds(Path(sound), utterances)
        store = build_store(Path(sound) / "features", items, FeatureSettings())
        rows = np.random.default_rng(1).random((utterances, len(KEYWORDS)), np.float32)
        targets = pd.DataFrame(rows, index=[name for name, _ in items], columns=list(KEYWORDS))
        models = [build("CNN-Attend", KEYWORDS, **(sizes or {})).to(place) for _ in range(2)]
        some, optimiser = items[: slow_batches * BATCH], torch.optim.Adam(models[0].parameters(), lr=1e-4)
        compare(
            "training",
            partial(released_loop, models[0], some, targets, optimiser, place),
            partial(our_epoch, models[1], store, targets),
            share=len(some) / utterances,
            size=f"{utterances} utterances of 2 to 6 s, once",
            architecture="CNN-Attend", keywords=len(KEYWORDS), repeats=repeats, folder=folder,
        )  # fmt: skip


if __name__ == "__main__":
    main()
