"""Multimodal one-shot learning: one spoken digit with one picture of it per class, then queries and new pictures.

After Eloff, Engelbrecht and Kamper (2019): ``episodes`` deals tests, the other modules answer and score them.
"""

from vgsnb.oneshot.episodes import Episodes, deal

__all__ = ["Episodes", "deal"]
