-- name: copy_articles
-- Titles and audiences; nobody reads the whole text here.
copy public.knowledge_articles (id, external_id, title, audience, content, content_hash) from stdin

-- name: copy_chunks
-- Under ids that are known, so that their vectors need no look-up.
copy public.knowledge_chunks (id, article_id, ordinal, text) from stdin

-- name: copy_sentences
-- The sentences of these chunks.
copy public.chunk_sentences (chunk_id, ordinal, text) from stdin

-- name: copy_chunk_vectors
-- As pgvector sends them.
copy public.chunk_embeddings (chunk_id, model, embedding) from stdin (format binary)

-- name: copy_sentence_vectors
-- As pgvector sends them.
copy public.sentence_embeddings (chunk_id, ordinal, model, embedding) from stdin (format binary)

-- name: lengths
-- Of chunks that have none.
update public.knowledge_chunks c set length = (
  select coalesce(sum(l.frequency), 0) from public.knowledge_articles a
  cross join lateral insta.lexemes(a.title || E'\n' || c.text) l where a.id = c.article_id)
where c.length = 0

-- name: title_lengths
-- Of titles that have none.
update public.knowledge_articles a set title_length = (
  select coalesce(sum(l.frequency), 0) from insta.lexemes(a.title) l)
where a.title_length = 0

-- name: postings
-- Of chunks that have none, with what a trigger would write into each of millions.
with heard as materialized (
  select a.id, a.title, insta.hearing_of(a.status, a.audience, a.valid_from, a.valid_until) as hearing
  from public.knowledge_articles a
)
insert into public.chunk_terms (term, chunk_id, frequency, length, hearing)
select l.term, c.id, l.frequency, c.length, a.hearing
from public.knowledge_chunks c join heard a on a.id = c.article_id
cross join lateral insta.lexemes(a.title || E'\n' || c.text) l
where not exists (select from public.chunk_terms t where t.chunk_id = c.id)

-- name: title_postings
-- The same of titles.
insert into public.title_terms (term, article_id, frequency, length, hearing)
select l.term, a.id, l.frequency, a.title_length,
  insta.hearing_of(a.status, a.audience, a.valid_from, a.valid_until)
from public.knowledge_articles a cross join lateral insta.lexemes(a.title) l
where not exists (select from public.title_terms t where t.article_id = a.id)

-- name: search
-- As a caller's question is searched, for audiences that are named.
select chunk_id from insta.search_knowledge(
  %(question)s::text, %(vector)s::real[], %(model)s::text, %(audiences)s::text[], %(match_count)s::integer,
  %(chunks_per_article)s::integer)

-- name: without_indexes
-- For this transaction: every row is compared.
set local enable_indexscan = off

-- name: vector_index
-- To be made last: a row after the other takes ten times as long.
select indexname, indexdef from pg_indexes
where tablename = 'chunk_embeddings' and strpos(indexdef, %(model)s) > 0
