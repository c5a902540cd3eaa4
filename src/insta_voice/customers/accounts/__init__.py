"""The facts about a caller's account: from what was imported, or from the company's own endpoint.

A source is asked once a call and its answer kept for a while (`CallAccount`). Only facts that ACCOUNT_FIELDS names
come through, so only those reach the mind, the record and the page. How they are said is the agent's.
"""

from insta_voice.customers.accounts.call_account import CallAccount
from insta_voice.customers.accounts.endpoint import AccountEndpoint
from insta_voice.customers.accounts.facts import UNCONFIRMED
from insta_voice.customers.accounts.source import AccountSource, account_source
from insta_voice.customers.accounts.stored import StoredAccounts

__all__ = ["UNCONFIRMED", "AccountEndpoint", "AccountSource", "CallAccount", "StoredAccounts", "account_source"]
