"""The HTTP face: tokens, a customer's own calls, articles, webhooks, health, and the web page.

Routes are thin: they read the request, ask a capability and shape the answer, one file per noun. Does not live
here: any rule about who may do what (`auth`, policies in the database), any SQL, anything that hears or speaks.
"""
