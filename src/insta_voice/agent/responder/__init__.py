"""The grounded responder: the mind without a language model.

Here lives everything that turns what a caller said and the evidence found for it into one decision: what to say,
with which sentences of which articles, or which tool to call. It is deterministic, it speaks the articles' own
sentences and a handful of authored ones (`sentences.md`), and it needs no network. The core (`decide`) knows
nothing of LiveKit; `model.py` alone wraps it as an `llm.LLM`. Retrieval, tools, the record and everything the app
itself says (greeting, fillers, apologies) live elsewhere.
"""
