"""When the caller's turn begins, pauses and is over, and what they said in it.

Here live the voice activity windows, the segments that are recognised, the wait that a pause needs, and the joining
of fragments into one turn. What is done with a finished turn (retrieval, answer, record) is not decided here.
"""
