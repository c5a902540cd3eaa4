"""How many calls a machine holds: several callers at once, each in a call of their own, and what that costs.

Customers (customers.py) are made for it, as nobody may hold two calls. A caller (caller.py) is as cheap as one can be,
since it runs on the machine that is measured; it asks and listens (call.py), and a round of them (run.py) is counted at
their ears and by their processes (cost.py). With everything that thinks, hears and speaks somewhere else (remote.py)
only what every call does here is left.
"""
