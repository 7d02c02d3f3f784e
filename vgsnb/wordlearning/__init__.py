"""Learning words from the pictures that they go with, one picture's words and regions at a time.

After Synnaeve, Versteegh and Dupoux (2014): two networks put regions of pictures and spoken words into one space,
where what occurred together comes close. ``tokens`` and ``fragments`` are what they see, ``networks`` how they learn,
``tasks`` what is asked of them.
"""
