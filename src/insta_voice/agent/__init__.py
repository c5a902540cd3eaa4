"""One call, one `AgentSession`: the worker, the call's set-up, the assistant and its tools, the turn policy, everything
the app itself says, the record of what was said, and the ways a call ends.

What hears, speaks and thinks comes from `voice` and from `agent.responder`; what is looked up or written belongs to
`knowledge`, `customers` and `calls`. No SQL, no HTTP and no model weights here.
"""
