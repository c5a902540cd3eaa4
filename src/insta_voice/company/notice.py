"""What a caller is told before anything is kept: that this is an AI, and what becomes of the call (promise 35)."""


def notice(retention_days: int) -> str:
    """One sentence. `retention_days` 0: calls are kept until somebody deletes them."""
    if retention_days <= 0:
        return "I am an AI assistant, and calls are kept as text."
    days = "one day" if retention_days == 1 else f"{retention_days} days"
    return f"I am an AI assistant, and calls are kept as text for {days}."
