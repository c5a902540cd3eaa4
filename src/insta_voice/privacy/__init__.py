"""What is kept of a person, and how it goes: the export, erasure of a call or of everything, and retention.

How a call is recorded is in `calls`, what is remembered of people in `customers`; what a log may say is decided in
`telemetry`.
"""

from insta_voice.privacy.erasure import carry_out_erasure, erase_address, erase_call, erase_person
from insta_voice.privacy.export import export_person
from insta_voice.privacy.retention import forget_old_calls, forget_spent_minutes

__all__ = [
    "carry_out_erasure",
    "erase_address",
    "erase_call",
    "erase_person",
    "export_person",
    "forget_old_calls",
    "forget_spent_minutes",
]
