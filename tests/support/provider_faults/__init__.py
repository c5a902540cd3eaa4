"""The table of issue and document: every provider of a call, each fault it can have, at each moment of a call. `rows`
says which there are, `play` plays one in a call in memory, `judge` measures what the caller heard of it and whether the
row holds, `table` writes it down."""
