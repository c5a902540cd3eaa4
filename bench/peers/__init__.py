"""Our search beside that of LangChain, LlamaIndex and Haystack: the same rows, the same Postgres, the same vectors.

A peer is one file, opened with its own defaults, its HNSW index and its hybrid mode. The peers live in an environment
of their own (environment.py); nothing of the product and no test needs them.
"""
