"""Grad-CAM: all keywords of an utterance together against a forward and a backward pass for each."""

from functools import partial

import torch
from timing import compare

from vgsnb import devices
from vgsnb.localisation import grad_cam
from vgsnb.models import ARCHITECTURES, build
from vgsnb.vocabulary import KEYWORDS


def one_keyword_at_a_time(model, x, lengths, words):
    """Eq. 6 and 7 as they are written: the gradient of one score with respect to what the encoder gives."""
    found = []
    for word in words.tolist():
        h, frames = model.encoder(x, lengths)
        h = h.detach().requires_grad_()
        score = torch.sigmoid(model.classifier(model.pooling(h, frames)))[0, word]
        (gradient,) = torch.autograd.grad(score, h)
        found.append(torch.relu((gradient.mean(dim=2, keepdim=True) * h).sum(dim=1))[0])
    return torch.stack(found).detach()


@torch.no_grad()
def together(model, x, lengths, words):
    return grad_cam.alpha(model, x, lengths, torch.zeros_like(words), words)[0]


def main(frames=400, architectures=tuple(ARCHITECTURES), keywords=67, sizes=None, repeats=5, folder=None):
    place = devices.find_device()
    x = torch.randn(1, frames, 39, generator=torch.Generator().manual_seed(0)).to(place)
    lengths, words = torch.tensor([frames], device=place), torch.arange(keywords, device=place)
    for name in architectures:
        model = build(name, KEYWORDS, **(sizes or {}).get(name, {})).to(place).eval()
        pair = [partial(command, model, x, lengths, words) for command in (one_keyword_at_a_time, together)]
        torch.testing.assert_close(pair[0](), pair[1](), atol=1e-5, rtol=1e-3)
        about = {"size": f"an utterance of {frames / 100:g} s", "architecture": name, "keywords": keywords}
        compare("grad_cam", *pair, **about, repeats=repeats, folder=folder)


if __name__ == "__main__":
    main()
