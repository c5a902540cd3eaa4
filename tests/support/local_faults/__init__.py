"""The table of faults in local mode: every part of a call that runs on our own machines, each fault it can have, at
each moment of a call. `rows` says which there are, `stage` is the call in which they strike, `play` plays one on the
virtual clock with the real playout, `judge` measures the silences that left the call."""
