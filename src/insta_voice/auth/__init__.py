"""Who is calling and what they may do: Firebase ID tokens, LiveKit join tokens and rooms, and unsafe settings.

Lives here: proving an identity (`identity.py`, `id_token.py`), everything that needs LiveKit's server API
(`livekit/`), the limits on asking (`limits.py`), where a request came from (`addresses.py`), the demo sign-ins
(`demo.py`), accounts at the embedded emulator (`emulated.py`) and the refusal to start unsafely (`safety.py`). Does not
live here: profiles and roles (`customers`), the record of calls (`calls`), HTTP (`api`).
"""
