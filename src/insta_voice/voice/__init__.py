"""What hears, speaks and thinks: the providers of each mode; under `local/` the models that need no cloud, under
`fallback/` what stands in for a provider that fails, under `breaker/` which ones are left alone for a while.

Nothing here knows about customers, articles or the record of a call; what to say is decided in `agent/`.
"""
