"""Insta Voice Assistant: a voice for a company's support, grounded in its own help articles.

Entry points (`cli`, `agent`, `api`, `jobs`, `stack`, `demo`) import capabilities (`knowledge`, `calls`, `customers`,
`voice`, `auth`), which import the foundation (`db`, `settings`, `errors`, `telemetry`), never back.
"""
