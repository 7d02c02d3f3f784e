"""Better than the papers in the same setting: no text, no places, the same tags.

This room lies above models, training, localisation and evaluation, as ``released`` does: its parts stand in the place
of the paper's, and the paper's way has no branches.
"""
