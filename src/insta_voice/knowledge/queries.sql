-- name: search_as_caller
-- Answers several questions in one round trip, each with what the caller in the claims may hear.
select q.number, m.*
from jsonb_to_recordset(%(questions)s::jsonb) as q(number integer, query text, embedding real[])
cross join lateral public.match_knowledge_articles(
  q.query, q.embedding, %(model)s, %(match_count)s, %(chunks_per_article)s) as m
order by q.number, m.score desc, m.chunk_id

-- name: search_for_audiences
-- The same for audiences that are named: for the service role alone.
select q.number, m.*
from jsonb_to_recordset(%(questions)s::jsonb) as q(number integer, query text, embedding real[])
cross join lateral insta.search_knowledge(
  q.query, q.embedding, %(model)s, %(audiences)s::text[], %(match_count)s, %(chunks_per_article)s) as m
order by q.number, m.score desc, m.chunk_id

-- name: caller_article
-- One article, when the caller in the claims may see it.
select * from public.get_knowledge_article(%(article_id)s::uuid)

-- name: known_articles
-- What is stored under these external ids, and whether this model's vectors are complete.
select a.id, a.external_id, a.title, a.content_hash, a.source, a.source_path,
  not exists (
    select from public.knowledge_chunks c where c.article_id = a.id and not exists (
      select from public.chunk_embeddings e where e.chunk_id = c.id and e.model = %(model)s)
  ) as embedded
from public.knowledge_articles a
where a.external_id = any(%(external_ids)s::text[])

-- name: find_by_content
-- An article without an external id is known by its content alone.
select a.id from public.knowledge_articles a
where a.external_id is null and a.content_hash = %(content_hash)s limit 1

-- name: put_article
-- Creates an article or replaces what it says; a new version each time.
insert into public.knowledge_articles as a
  (external_id, source, source_path, title, title_length, url, language, audience, labels, content, content_hash,
   updated_at)
values (%(external_id)s, %(source)s, %(source_path)s, %(title)s,
  (select coalesce(sum(l.frequency), 0) from insta.lexemes(%(title)s) l),
  %(url)s, %(language)s, %(audience)s::text[], %(labels)s::text[], %(content)s, %(content_hash)s,
  coalesce(%(updated_at)s::timestamptz, now()))
on conflict (external_id) do update set
  source = excluded.source, source_path = excluded.source_path,
  title = excluded.title, title_length = excluded.title_length, url = excluded.url, language = excluded.language,
  audience = excluded.audience, labels = excluded.labels, content = excluded.content,
  content_hash = excluded.content_hash, updated_at = excluded.updated_at, status = 'published',
  version = a.version + 1
returning a.id

-- name: drop_passages
-- Makes room for an article's new chunks; sentences, vectors and postings go with them.
delete from public.knowledge_chunks where article_id = %(article_id)s

-- name: drop_title_terms
-- Makes room for the postings of an article's new title.
delete from public.title_terms where article_id = %(article_id)s

-- name: put_title_terms
-- Indexes an article's title.
insert into public.title_terms (term, article_id, frequency)
select l.term, %(article_id)s, l.frequency from insta.lexemes(%(title)s) l

-- name: put_passages
-- Stores an article's chunks with their sentences, vectors and postings.
with given as materialized (
  select * from jsonb_to_recordset(%(chunks)s::jsonb)
    as g(ordinal integer, heading text, text text, indexed text, embedding real[], sentences jsonb)
),
chunks as (
  insert into public.knowledge_chunks (article_id, ordinal, heading, text, length)
  select %(article_id)s, g.ordinal, g.heading, g.text,
    (select coalesce(sum(l.frequency), 0) from insta.lexemes(g.indexed) l)
  from given g
  returning id, ordinal
),
vectors as (
  insert into public.chunk_embeddings (chunk_id, model, embedding)
  select c.id, %(model)s, g.embedding from chunks c join given g on g.ordinal = c.ordinal
),
postings as (
  insert into public.chunk_terms (term, chunk_id, frequency)
  select l.term, c.id, l.frequency
  from chunks c join given g on g.ordinal = c.ordinal cross join lateral insta.lexemes(g.indexed) l
),
sentences as materialized (
  select c.id as chunk_id, s.ordinal, s.text, s.embedding
  from chunks c join given g on g.ordinal = c.ordinal
  cross join lateral jsonb_to_recordset(g.sentences) as s(ordinal integer, text text, embedding real[])
),
sentence_rows as (
  insert into public.chunk_sentences (chunk_id, ordinal, text)
  select s.chunk_id, s.ordinal, s.text from sentences s
)
insert into public.sentence_embeddings (chunk_id, ordinal, model, embedding)
select s.chunk_id, s.ordinal, %(model)s, s.embedding from sentences s

-- name: stored_passages
-- An article's chunks and sentences, to give them the vectors of another model.
select c.id as chunk_id, c.heading, c.text,
  coalesce(array_agg(s.text order by s.ordinal) filter (where s.text is not null), '{}') as sentences
from public.knowledge_chunks c left join public.chunk_sentences s on s.chunk_id = c.id
where c.article_id = %(article_id)s
group by c.id order by c.ordinal

-- name: put_vectors
-- Adds one model's vectors to chunks that are there; `sentences` are in the order of their ordinals.
with given as materialized (
  select * from jsonb_to_recordset(%(chunks)s::jsonb) as g(chunk_id bigint, embedding real[], sentences jsonb)
),
vectors as (
  insert into public.chunk_embeddings (chunk_id, model, embedding)
  select g.chunk_id, %(model)s, g.embedding from given g
  on conflict (chunk_id, model) do update set embedding = excluded.embedding
)
insert into public.sentence_embeddings (chunk_id, ordinal, model, embedding)
select g.chunk_id, s.ordinal, %(model)s, s.embedding
from given g cross join lateral jsonb_to_recordset(g.sentences) as s(ordinal integer, embedding real[])
on conflict (chunk_id, model, ordinal) do update set embedding = excluded.embedding

-- name: move_article
-- Notes where an unchanged article is read from now.
update public.knowledge_articles set source = %(source)s, source_path = %(source_path)s where id = %(article_id)s

-- name: remove_gone
-- Removes the articles of a directory whose files are gone; those whose files could not be read stay.
delete from public.knowledge_articles a
where a.source = %(source)s
  and (a.external_id is null or not a.external_id = any(%(present)s::text[]))
  and not a.source_path = any(%(unreadable)s::text[])
returning a.external_id

-- name: remove_source
-- Removes every article of a directory.
delete from public.knowledge_articles where source = %(source)s;

-- name: list_source
-- The ids of the articles that a directory brought.
select coalesce(external_id, id::text) as article_id from public.knowledge_articles where source = %(source)s
order by article_id;

-- name: remove_articles
-- Removes articles by the ids that the list shows; returns what was found.
delete from public.knowledge_articles
where external_id = any(%(ids)s::text[]) or (external_id is null and id::text = any(%(ids)s::text[]))
returning coalesce(external_id, id::text) as article_id

-- name: list_articles
-- Every article with the number of its chunks.
select a.id, a.external_id, a.title, a.audience, a.labels, a.status, a.version, a.updated_at,
  (select count(*) from public.knowledge_chunks c where c.article_id = a.id) as chunks
from public.knowledge_articles a order by a.title, a.id
