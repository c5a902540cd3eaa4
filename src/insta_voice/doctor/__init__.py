"""What is wrong with an installation and how it is mended: the checks of `insta-voice doctor` and of `init`.

One file for each part, one small function for each question, and what asks them side by side. A check looks and says:
it changes nothing, sends no mail, places no call that anyone hears, and tells no secret. What keeps a part from
starting is not decided here but in `auth.safety` and `stack.machine`; printing is `cli`'s.
"""
