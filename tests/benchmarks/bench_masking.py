"""Masked-in: the tables of distinct columns against one segment at a time, and against segments in batches.

The released way is written anew from its description: a segment is moved to the first frame, zeros follow to 800
frames, and the model scores all of its keywords, one segment at a time, padding included. The plain definition masks
segments where they stand (Eq. 8) and scores 64 of them together, for the keywords that are asked for.
"""

from functools import partial

import numpy as np
import torch
from timing import compare
from torch.nn import functional

from vgsnb import devices
from vgsnb.localisation import RELEASED, masking
from vgsnb.models import ARCHITECTURES, build
from vgsnb.models.pooling import Attention, LogMeanExp
from vgsnb.speech.features import FeatureSettings
from vgsnb.vocabulary import KEYWORDS

PADDED = 800  # frames
SHARE = 20  # every so many segments are scored one by one


def released(model, x):
    """Logits of ``x`` (1, T, D) by plain layers, padding attended to like speech."""
    h = x.transpose(1, 2)
    for stage in model.encoder.stages:
        h = functional.conv1d(h, stage.conv.weight, stage.conv.bias, padding=stage.conv.kernel_size[0] // 2)
        h = functional.relu(h) if stage.activation else h
        h = functional.max_pool1d(h, stage.pool, ceil_mode=True) if stage.pool > 1 else h
    if isinstance(model.pooling, Attention):
        return model.classifier((model.pooling.queries @ h).softmax(-1) @ h.transpose(1, 2))
    if isinstance(model.pooling, LogMeanExp):
        return torch.logsumexp(model.pooling.r * h, dim=-1) / model.pooling.r
    return model.classifier(h.amax(dim=-1))


@torch.no_grad()
def one_at_a_time(model, x, segments):
    padded = x.new_zeros(1, PADDED, x.shape[1])
    return [released(model, _moved(padded, x[start:end])) for start, end in segments]


def _moved(padded, segment):
    found = padded.clone()
    found[0, : len(segment)] = segment
    return found


@torch.no_grad()
def in_batches(model, x, words, segments, batch=64):
    frame, found = torch.arange(len(x), device=x.device), []
    few = model if len(words) == len(model.keywords) else partial(scored, model, words)
    for part in torch.from_numpy(segments).to(x.device).split(batch):
        inside = (frame >= part[:, :1]) & (frame < part[:, 1:])
        found.append(few(x * inside[..., None], torch.full((len(part),), len(x), device=x.device)))
    return torch.cat(found)


def scored(model, words, x, lengths):
    """Logits of the keywords numbered ``words`` alone, where the architecture can leave out others."""
    h, frames = model.encoder(x, lengths)
    if isinstance(model.pooling, Attention):
        weights = (h.transpose(1, 2) @ model.pooling.queries[words].T).softmax(dim=1)
        return model.classifier(weights.transpose(1, 2) @ h.transpose(1, 2))
    return model.classifier(model.pooling(h, frames))[:, words]


@torch.no_grad()
def ours(model, x, words, segments):
    masking._plan.cache_clear()
    return masking.segment_logits(model, x, words, segments, True)


def main(frames=400, architectures=tuple(ARCHITECTURES), keywords=(2, 67), sizes=None, repeats=5, folder=None):
    place = devices.find_device()
    segments = RELEASED.segments(frames, FeatureSettings())
    size = f"{len(segments)} segments of an utterance of {frames / 100:g} s"
    x = torch.randn(frames, 39, generator=torch.Generator().manual_seed(0)).to(place)
    for name in architectures:
        model = build(name, KEYWORDS, **(sizes or {}).get(name, {})).to(place).eval()
        for count in keywords:
            words = torch.from_numpy(np.linspace(0, len(KEYWORDS) - 1, count).round().astype(int)).to(place)
            torch.testing.assert_close(
                ours(model, x, words, segments), in_batches(model, x, words, segments), atol=1e-4, rtol=0
            )
            own, about = partial(ours, model, x, words, segments), {"architecture": name, "keywords": count}
            about |= {"size": size, "repeats": repeats, "folder": folder}
            few = segments[::SHARE]
            single, share = partial(one_at_a_time, model, x, few), len(few) / len(segments)
            compare("masked_in_vs_single", single, own, share=share, **about)
            compare("masked_in_vs_batched", partial(in_batches, model, x, words, segments), own, **about)


if __name__ == "__main__":
    main()
