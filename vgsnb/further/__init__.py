"""What may beat the papers in their own setting: parts to switch on one by one, to measure what each is worth.

No text, no places, the same tags. This room lies above models, training, localisation and the released code: it puts
parts of its own in the place of theirs, and they know nothing of it. So the paper's way has no branches, and what was
made by it is found again whatever is changed here. ``PARTS`` lists them all.
"""

from vgsnb.further.parts import CHANGES, FRAMES, PARTS, POOLINGS, Part, chosen, concerning, expand

__all__ = ["CHANGES", "FRAMES", "PARTS", "POOLINGS", "Part", "chosen", "concerning", "expand"]
