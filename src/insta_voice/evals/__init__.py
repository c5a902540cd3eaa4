"""Simulated support conversations: a scripted caller talks with the whole agent in writing, and is graded by what came
of it.

Here live the scenario (what a caller wants, knows and answers, and what has to come of it), the caller who plays it,
the call in writing, the scratch database it is held on, the grader and the report. The agent, its tools, its record and
its search are the product's own. The scenarios themselves stand in `evals/` beside the sources.
"""
