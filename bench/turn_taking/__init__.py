"""How well the turn engine takes turns: generated, labelled cases of real sound, driven through it on a virtual clock.

`kinds` plans the cases from a seed, `render` makes them sound (the local voice, `sounds` for what is no word), `drive`
plays them to the engine with the real models, `judge` says of each what became of it, `report` and `curve` count. No
room, no browser and no answer is in it: what the caller hears is measured elsewhere.
"""
