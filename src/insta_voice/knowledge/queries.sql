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
-- What is stored under these external ids, how it came there, and which of these models' vectors its chunks lack.
-- `last_read`: what its file said last, of an article that came back and of which nobody noted it.
select a.id, a.external_id, a.title, a.content_hash, a.read_hash, a.source, a.source_path, a.file_hash,
  exists (select from public.article_versions v
          where v.article_id = a.id and v.version = a.version and v.reason <> 'ingest') as edited,
  case when a.read_hash is null then
    (select v.document from public.article_versions v
     where v.article_id = a.id and v.reason = 'ingest' order by v.version desc limit 1) end as last_read,
  (select coalesce(array_agg(m.model), '{}') from unnest(%(models)s::text[]) as m(model)
   where exists (
     select from public.knowledge_chunks c where c.article_id = a.id and not exists (
       select from public.chunk_embeddings e where e.chunk_id = c.id and e.model = m.model))) as lacking
from public.knowledge_articles a
where a.external_id = any(%(external_ids)s::text[])

-- name: read_before
-- What an article's file was read as, while it is this very file. Of what was edited since, that is an older version.
select a.read_hash, v.document
from public.knowledge_articles a
cross join lateral (
  select v.document from public.article_versions v
  where v.article_id = a.id and v.reason = 'ingest' order by v.version desc limit 1
) v
where a.external_id = %(external_id)s and a.file_hash = %(file_hash)s

-- name: is_empty
-- A row while there is no chunk.
select true as is_empty where not exists (select from public.knowledge_chunks)

-- name: find_by_content
-- An article without an external id is known by its content alone.
select a.id from public.knowledge_articles a
where a.external_id is null and a.content_hash = %(content_hash)s limit 1

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
-- Stores an article's chunks with their sentences and postings, and gives the chunks' ids in their order.
with given as materialized (
  select * from jsonb_to_recordset(%(chunks)s::jsonb)
    as g(ordinal integer, heading text, text text, indexed text, sentences text[])
),
chunks as (
  insert into public.knowledge_chunks (article_id, ordinal, heading, text, length)
  select %(article_id)s, g.ordinal, g.heading, g.text,
    (select coalesce(sum(l.frequency), 0) from insta.lexemes(g.indexed) l)
  from given g
  returning id, ordinal
),
postings as (
  insert into public.chunk_terms (term, chunk_id, frequency)
  select l.term, c.id, l.frequency
  from chunks c join given g on g.ordinal = c.ordinal cross join lateral insta.lexemes(g.indexed) l
),
sentences as (
  insert into public.chunk_sentences (chunk_id, ordinal, text)
  select c.id, s.number - 1, s.sentence
  from chunks c join given g on g.ordinal = c.ordinal
  cross join lateral unnest(g.sentences) with ordinality as s(sentence, number)
)
select id from chunks order by ordinal

-- name: stored_passages
-- An article's chunks and sentences, to give them the vectors of another model.
select c.id as chunk_id, c.heading, c.text,
  coalesce(array_agg(s.text order by s.ordinal) filter (where s.text is not null), '{}') as sentences
from public.knowledge_chunks c left join public.chunk_sentences s on s.chunk_id = c.id
where c.article_id = %(article_id)s
group by c.id order by c.ordinal

-- name: put_vectors
-- Adds one model's vectors to those of these chunks that are still there: articles may have been replaced while the
-- vectors were made. The chunks stay until this transaction's end.
with given as materialized (
  select g.* from jsonb_to_recordset(%(chunks)s::jsonb) as g(chunk_id bigint, embedding real[], sentences jsonb)
  join public.knowledge_chunks c on c.id = g.chunk_id for key share of c
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

-- name: note_reading
-- Notes where an article that stays as it is was read now, and what its file says.
update public.knowledge_articles
set source = %(source)s, source_path = %(source_path)s, file_hash = %(file_hash)s, read_hash = %(read_hash)s
where id = %(article_id)s

-- name: remove_gone
-- Removes the articles of a source, a directory or an address, that are gone there; what could not be read stays.
delete from public.knowledge_articles a
where a.source = %(source)s
  and (a.external_id is null or not a.external_id = any(%(present)s::text[]))
  and not a.source_path = any(%(unreadable)s::text[])
returning a.external_id

-- name: remove_source
-- Removes every article of a directory or of a source of the web, with what is known of their pages.
with pages as (
  delete from public.knowledge_pages
  where url in (select source_path from public.knowledge_articles where source = %(source)s)
)
delete from public.knowledge_articles where source = %(source)s;

-- name: list_source
-- The ids of the articles that a source brought.
select coalesce(external_id, id::text) as article_id from public.knowledge_articles where source = %(source)s
order by article_id;

-- name: remove_articles
-- Removes articles by the ids that the list shows, with what is known of their pages; returns what was found.
with removed as (
  delete from public.knowledge_articles
  where external_id = any(%(ids)s::text[]) or (external_id is null and id::text = any(%(ids)s::text[]))
  returning coalesce(external_id, id::text) as article_id, source_path
), pages as (delete from public.knowledge_pages p using removed r where p.url = r.source_path)
select article_id from removed

-- name: list_from
-- The ids of the articles that came from a place: a directory and what is in it, a file, or an address of a source or a
-- page. `within` is how the paths in a directory begin, null for an address.
select coalesce(a.external_id, a.id::text) as article_id
from public.knowledge_articles a
cross join lateral (
  select case when a.source is null or position('://' in a.source) > 0 then a.source_path
    else a.source || '/' || a.source_path end as path
) f
where a.source = %(place)s or f.path = %(place)s or starts_with(f.path, %(within)s)
order by article_id

-- name: list_articles
-- Every article with the number of its chunks, and what brought it: a directory, an address, or a file alone.
select a.id, a.external_id, a.title, a.audience, a.labels, a.product, a.valid_from, a.valid_until, a.status, a.version,
  a.updated_at, coalesce(a.source, a.source_path) as source,
  (select count(*) from public.knowledge_chunks c where c.article_id = a.id) as chunks
from public.knowledge_articles a order by a.title, a.id
