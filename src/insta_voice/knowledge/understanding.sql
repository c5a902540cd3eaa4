-- name: words_heard_as_caller
-- The names that what was heard may have been, and the words that what is misspelt may be, in what the caller in the
-- claims may hear.
select heard, name, articles, is_alike, sounds_so, null as term
from public.names_heard(%(runs)s::text[], %(words)s::text[])
union all
select heard, word, null, null, null, term from public.spellings(%(misspelt)s::text[])

-- name: words_heard_for_audiences
-- The same for audiences that are named: for the service role alone.
select heard, name, articles, is_alike, sounds_so, null as term
from insta.names_heard(%(runs)s::text[], %(words)s::text[], %(audiences)s::text[])
union all
select heard, word, null, null, null, term from insta.spellings(%(misspelt)s::text[], %(audiences)s::text[])
