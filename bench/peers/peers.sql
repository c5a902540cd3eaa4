-- name: rows
-- Every chunk with its vector, and who may hear it.
select c.id, coalesce(a.external_id, a.id::text) as article_id, a.audience, a.title, c.heading, c.text,
  e.embedding::real[] as vector
from public.knowledge_chunks c
join public.knowledge_articles a on a.id = c.article_id
join public.chunk_embeddings e on e.chunk_id = c.id and e.model = %(model)s
order by c.id

-- name: analyze
-- The planner knows the tables.
analyze

-- name: without_indexes
-- Each connection that is made from now on compares every row: no vector index is used.
alter role current_user set enable_indexscan = off
