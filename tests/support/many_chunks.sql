-- name: subjects
-- What the chunks are about: vectors that have nothing to do with each other.
create temporary table subjects on commit drop as
select subject, (select array_agg(random() - .5) from generate_series(1, %(dimensions)s) where subject = subject)::vector as v
from generate_series(0, 499) subject

-- name: articles
-- One of a hundred is for staff alone, one of ten for a plan.
insert into knowledge_articles (external_id, title, title_length, content, content_hash, audience)
select 'x' || i, 'Article ' || i, 2, '-', '-',
  case when i %% 100 = 0 then '{staff}' when i %% 10 = 1 then '{plan:team}' else '{everyone}' end::text[]
from generate_series(1, %(count)s) i

-- name: chunks
-- One an article.
insert into knowledge_chunks (article_id, ordinal, text, length)
select id, 0, 'text', 40 from knowledge_articles order by external_id

-- name: vectors
-- Around the vector of a subject: two chunks of one have a cosine of about a half.
insert into chunk_embeddings (chunk_id, model, embedding)
select c.id, %(model)s::text,
  s.v + (select array_agg(random() - .5) from generate_series(1, %(dimensions)s) where c.id = c.id)::vector
from knowledge_chunks c join subjects s on s.subject = c.id %% 500

-- name: sentences
-- One a chunk.
insert into chunk_sentences (chunk_id, ordinal, text) select id, 0, 'text' from knowledge_chunks

-- name: sentence_vectors
-- Those of their chunks.
insert into sentence_embeddings (chunk_id, ordinal, model, embedding)
select chunk_id, 0, model, embedding from chunk_embeddings

-- name: words
-- Forty a chunk by Zipf's law: w2 is in nearly all, w1000 in one of 200.
insert into chunk_terms (term, chunk_id, frequency, length, hearing)
select 'w' || ceil(exp(random() * ln(5000)))::integer, c.id, count(*), c.length,
  insta.hearing_of(a.status, a.audience, a.valid_from, a.valid_until)
from knowledge_chunks c join knowledge_articles a on a.id = c.article_id cross join generate_series(1, 40)
group by 1, c.id, a.id

-- name: title_words
-- As rare as the rarest.
insert into title_terms (term, article_id, frequency, length, hearing)
select 'w' || (random() * 5000)::integer, id, 1, title_length,
  insta.hearing_of(status, audience, valid_from, valid_until)
from knowledge_articles

-- name: without_triggers
-- Until this transaction ends: the postings that follow are complete.
set local session_replication_role = replica

-- name: vector_index
-- To be made last: a row after the other takes ten times as long.
select indexname, indexdef from pg_indexes
where tablename = 'chunk_embeddings' and strpos(indexdef, %(model)s) > 0

-- name: questions
-- Vectors that stand to the chunks' as these do to each other.
select (e.embedding + (select array_agg(random() - .5) from generate_series(1, %(dimensions)s) where e.chunk_id = e.chunk_id)::vector)
  ::real[] as vector
from chunk_embeddings e order by e.chunk_id limit %(count)s

-- name: search
-- As insta.search_knowledge is asked.
select chunk_id, lexical from insta.search_knowledge(
  %(words)s::text, %(vector)s::real[], %(model)s::text, %(audiences)s::text[], 10, 3)

-- name: lexical
-- The share of the question's weight that these chunks have by BM25, from every posting of everyone's chunks.
with everyone as (
  select array_agg(id) as hearings from knowledge_hearings h
  where insta.is_heard(h.status, h.audience, h.valid_from, h.valid_until, '{everyone}', insta.today())
),
asked as (
  select l.term, ln(1 + (s.chunks - n.documents + .5) / (n.documents + .5)) as idf, s.chunk_words / s.chunks::float8 as words
  from insta.lexemes(%(words)s) l cross join knowledge_statistics s cross join everyone e cross join lateral (
    select count(*)::float8 as documents from chunk_terms t where t.term = l.term and t.hearing = any(e.hearings)
  ) n
)
select t.chunk_id, sum(a.idf * t.frequency / (t.frequency + 1.2 * (.25 + .75 * t.length / a.words)))
  / (select sum(idf) from asked) as lexical
from asked a join chunk_terms t on t.term = a.term where t.chunk_id = any(%(chunks)s::bigint[]) group by t.chunk_id

-- name: touched
-- What this transaction has read of each table: scans of the whole, and rows by way of an index.
select relname as "table", seq_scan as scans, coalesce(idx_tup_fetch, 0) as rows from pg_stat_xact_user_tables
where relname in ('chunk_embeddings', 'chunk_terms', 'title_terms', 'sentence_embeddings', 'chunk_sentences',
  'knowledge_chunks', 'knowledge_articles')

-- name: vector_scans
-- How often this transaction has gone through the index of vectors.
select pg_stat_get_xact_numscans(indexname::regclass) as scans from pg_indexes
where tablename = 'chunk_embeddings' and strpos(indexdef, %(model)s) > 0

-- name: by_vector_index
-- Until this transaction ends: it gives the nearest in their order, and anything else has to sort.
set local enable_sort = off

-- name: without_indexes
-- Until this transaction ends.
set local enable_indexscan = off
