"""A caller's wait, and whose turn it is, at the caller's ear: us beside stock LiveKit Agents and stock Pipecat.

A side (sides.py) is somebody who answers in a room; the caller (call.py) goes from one to the other and lives through
the same cases (cases.py) with each. What it heard is measured in sound.py and counted in score.py; what the sides wrote
down of their turns says only what no ear can hear. All sides use one media server and one speech server, so that the
engine is what differs; us without one mechanism is a side too (without.py). Nothing of the product knows of all this,
and Pipecat lives in an environment of its own.
"""
