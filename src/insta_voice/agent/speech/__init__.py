"""All that the app itself says: the greeting, apologies, what bridges a late answer, the goodbye; rendered ahead, or
kept for when the voice is away. The sentences are in `prompts`; what the mind answers is spoken by the session. And the
way of all of it into the room (`playout`).
"""
