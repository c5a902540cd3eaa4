"""Documents written by hand, byte by byte: honest ones, and such as no program writes."""
