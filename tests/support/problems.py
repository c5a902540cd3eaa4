"""What every refusal of the API looks like on the wire."""

import httpx


def is_problem(answer: httpx.Response) -> bool:
    """problem+json with all five fields, true to the status, and a sentence for the person."""
    body = answer.json()
    return (
        answer.headers["content-type"] == "application/problem+json"
        and set(body) == {"type", "title", "status", "detail", "code"}
        and body["status"] == answer.status_code
        and body["detail"].endswith(".")
        and body["type"] == f"urn:insta-voice:{body['code']}"
    )
