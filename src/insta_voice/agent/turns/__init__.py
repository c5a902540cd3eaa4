"""When the caller's turn begins, pauses and is over, what they said in it, and who goes on where both speak.

Here live the voice activity windows, the segments that are recognised, the wait that a pause needs, the joining of
fragments into one turn, and what a sound over the assistant's voice means for it. `engine` puts them together; the
others are pure, or know of one thing. What is done with a finished turn (retrieval, answer, record) is not decided
here.
"""
