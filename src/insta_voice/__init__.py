"""Insta Voice Assistant: a voice for a company's support, grounded in its own help articles.

Entry points (`cli`, `agent`, `api`, `jobs`, `stack`, `demo`) import capabilities (`knowledge`, `calls`, `customers`,
`voice`, `auth`), which import the foundation (`db`, `settings`, `errors`, `telemetry`), never back.
"""

import os

# onnxruntime (speech, search, voice detection) tells its makers what it runs and gives the machine an id, unless this
# is set before it is loaded (its Privacy.md).
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
