"""Moonshine hears, Piper speaks, bge and MiniLM make vectors: models, the process that holds them, its clients.

The speech server (`server.py` and the `serve_*.py` beside it) is the only process that imports Piper, which
is GPL-3.0-or-later. Calls reach it over a socket through `client.py`, `stt.py` and `tts.py`. When to listen
and what to say is none of its business.
"""
