"""How well the articles answer questions whose answers are known: what `kb eval` prints, and what `bench` counts with.

Here are the file of questions, asking them as `kb search` does, the measures, and the comparison of two settings. What
is said in a call with the evidence is graded in `evals`.
"""

from insta_voice.knowledge.measuring.bootstrap import Difference
from insta_voice.knowledge.measuring.calibration import Bin
from insta_voice.knowledge.measuring.measures import MEASURES, Measure
from insta_voice.knowledge.measuring.question_file import LeftOut, Question, read_questions
from insta_voice.knowledge.measuring.run import Measured, Run, measure
from insta_voice.knowledge.measuring.setting import CONFIDENCE, Setting, changed_setting, checked_audiences
from insta_voice.knowledge.measuring.thresholds import AtThreshold
from insta_voice.knowledge.measuring.worst import Wrong, worst

__all__ = [
    "CONFIDENCE",
    "MEASURES",
    "AtThreshold",
    "Bin",
    "Difference",
    "LeftOut",
    "Measure",
    "Measured",
    "Question",
    "Run",
    "Setting",
    "Wrong",
    "changed_setting",
    "checked_audiences",
    "measure",
    "read_questions",
    "worst",
]
