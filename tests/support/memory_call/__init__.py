"""A whole call in memory, in any mode and on the virtual clock: the product's own conversation and parts, a caller
with a mouth and an ear, a scripted OpenAI, and a scripted speech server. What is said is written in its sound
(`legible`), so that the ear knows which words were heard, and when. No room, no weights, no database."""
