"""From what happens in a call to its record: answers as they were asked for, turns with what was heard of them, their
sources and kinds, each written at once, also when the database comes back late. The tables are those of `calls`.
"""
