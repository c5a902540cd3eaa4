"""Everything on one machine: `insta-voice up` and what stands in for the services of production.

Here lives what starts, watches and stops programs: the parts as data, their ports, keys and demo content, the
supervisor and its guardian. What the parts do lives with them; in production none of this runs.
"""
