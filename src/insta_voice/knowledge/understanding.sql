-- name: names_heard_as_caller
-- The names that what was heard may have been, in what the caller in the claims may hear.
select * from public.names_heard(%(runs)s::text[], %(words)s::text[])

-- name: names_heard_for_audiences
-- The same for audiences that are named: for the service role alone.
select * from insta.names_heard(%(runs)s::text[], %(words)s::text[], %(audiences)s::text[])
