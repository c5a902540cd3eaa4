"""How fast the search is among many chunks, and whether a filter that keeps few rows still finds what it should."""
