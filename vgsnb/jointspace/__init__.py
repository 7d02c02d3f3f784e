"""Speech and pictures in one space: whole captions find their pictures and pictures their captions.

After Harwath, Torralba and Glass (2016): no tags, no words, only what was said of what. ``networks`` has the two
branches and what they learn by, ``training`` the loop, ``trials`` the experiment of a preset, ``results`` its tables.
"""
