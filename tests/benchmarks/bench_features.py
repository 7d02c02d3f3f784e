"""Features: our store against torchaudio's transforms of one file at a time, both from sound files to files.

The library way has the same coefficients: ``torchaudio.transforms.MFCC``, derivatives, normalised by utterance, an
array a file.
"""

import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import torch
import torchaudio
from bench_training import RATE, sounds
from timing import compare
from torchaudio.functional import compute_deltas

from vgsnb import devices
from vgsnb.speech.features import FeatureSettings, build_store
from vgsnb.speech.sound import read_audio


def by_torchaudio(items, folder):
    settings = FeatureSettings()
    mel = {"n_fft": 512, "win_length": 400, "hop_length": 160, "n_mels": settings.mel_bands, "center": False}
    transform = torchaudio.transforms.MFCC(RATE, settings.coefficients, melkwargs=mel)
    for name, path in items:
        static = transform(torch.from_numpy(read_audio(path, RATE)))
        first = compute_deltas(static, 9)
        found = torch.cat([static, first, compute_deltas(first, 9)]).T
        np.save(folder / f"{name}.npy", ((found - found.mean(0)) / found.std(0)).numpy())


def main(utterances=6000, share=10, repeats=5, folder=None):
    with tempfile.TemporaryDirectory() as kept:
        place, workers = Path(kept), devices.processors()
        items = sounds(place, utterances)
        (place / "arrays").mkdir()
        compare(
            "features",
            partial(by_torchaudio, items[::share], place / "arrays"),
            partial(build_store, place / "store", items, FeatureSettings(), workers),
            share=len(items[::share]) / utterances,
            size=f"{utterances} utterances of 2 to 6 s from files, {workers} processes",
            repeats=repeats, folder=folder,
        )  # fmt: skip


if __name__ == "__main__":
    main()
