"""What keeps personal data where it belongs. So far: the redactor, which the log uses too.

The log's own rules are in `telemetry`, which may import nothing of this layer; who may read a row is decided by
the policies in `supabase/migrations`.
"""

from insta_voice.telemetry import redact

__all__ = ["redact"]
