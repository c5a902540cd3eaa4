-- name: knowledge_names
-- The names in what the caller in the claims may hear, the most telling first.
select name from public.knowledge_names(%(most)s)
