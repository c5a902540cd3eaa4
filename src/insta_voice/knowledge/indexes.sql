-- name: read
-- Every model that the articles have vectors of, the one in use first, then those that may stand in for it.
select model, dimensions, state, since, related_cosine, unrelated_cosine, trouble, waits_until,
  coalesce(waits_until > now(), false) as waits
from public.knowledge_indexes
order by array_position('{in use,ready,filling,retired}'::text[], state), since, model

-- name: read_progress
-- How many chunks there are, and how many of them have each model's vector.
select (select count(*) from public.knowledge_chunks) as chunks,
  (select coalesce(jsonb_object_agg(v.model, v.vectors), '{}')
   from (select model, count(*) as vectors from public.chunk_embeddings group by model) v) as vectors

-- name: register
-- Makes a model known; changes nothing where it is.
select insta.register_index(%(model)s, %(dimensions)s)

-- name: lock
-- Who writes articles and who changes an index wait for each other: neither sees half of what the other does.
select model, state, dimensions from public.knowledge_indexes order by model for no key update

-- name: fall_behind
-- A chunk is written without the vectors of these: they are not complete any more, and not asked until they are.
update public.knowledge_indexes set state = 'filling', since = now()
where state = 'ready' and not model = any(%(models)s::text[])

-- name: take_back
-- A model that was left behind is wanted again: only what changed meanwhile is missing.
update public.knowledge_indexes set state = 'filling', since = now(), trouble = null, waits_until = null
where model = %(model)s and state = 'retired'

-- name: make_ready
-- An index is ready as soon as no chunk lacks its vector.
update public.knowledge_indexes i set state = 'ready', since = now(), trouble = null, waits_until = null
where i.state = 'filling' and not exists (
  select from public.knowledge_chunks c where not exists (
    select from public.chunk_embeddings e where e.chunk_id = c.id and e.model = i.model))

-- name: make_room
-- The one in use makes room for a ready one.
update public.knowledge_indexes set state = 'ready', since = now()
where state = 'in use' and model <> %(model)s
  and exists (select from public.knowledge_indexes where model = %(model)s and state = 'ready')

-- name: put_in_use
-- The ready one is the one that is asked, from this transaction's end on.
update public.knowledge_indexes set state = 'in use', since = now() where model = %(model)s and state = 'ready'

-- name: leave_behind
-- What is neither wanted nor local and not in use is no longer made; the local one stays beside every other.
update public.knowledge_indexes set state = 'retired', since = now(), trouble = null, waits_until = null
where model <> all(array[%(model)s, %(local)s]) and state in ('filling', 'ready')

-- name: note_trouble
-- Why an index is not filled just now, and when that is tried again.
update public.knowledge_indexes
set trouble = %(trouble)s, waits_until = now() + make_interval(secs => %(wait_s)s::float8) where model = %(model)s

-- name: without_vectors
-- The next chunks that have no vector of a model and were not refused by it, with what the vector is made of.
select c.id as chunk_id, a.title, c.heading, c.text,
  coalesce(array_agg(s.text order by s.ordinal) filter (where s.text is not null), '{}') as sentences
from public.knowledge_chunks c
join public.knowledge_articles a on a.id = c.article_id
left join public.chunk_sentences s on s.chunk_id = c.id
where not exists (select from public.chunk_embeddings e where e.chunk_id = c.id and e.model = %(model)s)
  and c.id <> all(%(refused)s::bigint[])
group by c.id, a.title order by c.id limit %(limit)s

-- name: sweep_vectors
-- Vectors of indexes that were left behind long enough ago to be sure of it. A chunk's go with all of its sentences': one
-- that is there means that the others are, also to whoever takes such a change back.
with taken as materialized (
  (select v.chunk_id, v.model from public.chunk_embeddings v
   join public.knowledge_indexes i on i.model = v.model and i.state = 'retired' and i.since < now() - %(keep)s
   limit %(limit)s)
  union
  (select v.chunk_id, v.model from public.sentence_embeddings v
   join public.knowledge_indexes i on i.model = v.model and i.state = 'retired' and i.since < now() - %(keep)s
   limit %(limit)s)
),
of_sentences as (
  delete from public.sentence_embeddings e using taken t where e.chunk_id = t.chunk_id and e.model = t.model
)
delete from public.chunk_embeddings e using taken t where e.chunk_id = t.chunk_id and e.model = t.model

-- name: forget
-- An index without vectors that was left behind is no more.
delete from public.knowledge_indexes i
where i.state = 'retired' and i.since < now() - %(keep)s
  and not exists (select from public.chunk_embeddings e where e.model = i.model)
  and not exists (select from public.sentence_embeddings e where e.model = i.model)

-- name: unmeasured
-- Which of those that may be asked were never measured, or when there was half as much to measure.
select i.model from public.knowledge_indexes i
where i.state in ('in use', 'ready') and (select count(*) from public.knowledge_chunks) > 2 * i.measured_chunks

-- name: measure
-- The mean cosine of a sentence to its own chunk, and to a chunk of another article: the same pairs for every model.
with sampled as materialized (
  select s.chunk_id, s.ordinal, c.article_id,
    row_number() over (order by md5(s.chunk_id || '/' || s.ordinal)) as place
  from public.chunk_sentences s join public.knowledge_chunks c on c.id = s.chunk_id
  order by place limit %(pairs)s
),
measured as (
  select avg(1 - (v.embedding <=> own.embedding)) as related,
    avg(1 - (v.embedding <=> strange.embedding)) filter (where other.article_id <> mine.article_id) as unrelated
  from sampled mine
  join sampled other on other.place = mine.place %% (select count(*) from sampled) + 1
  join public.sentence_embeddings v
    on v.chunk_id = mine.chunk_id and v.ordinal = mine.ordinal and v.model = %(model)s
  join public.chunk_embeddings own on own.chunk_id = mine.chunk_id and own.model = %(model)s
  join public.chunk_embeddings strange on strange.chunk_id = other.chunk_id and strange.model = %(model)s
)
update public.knowledge_indexes i
set related_cosine = m.related, unrelated_cosine = m.unrelated,
  measured_chunks = (select count(*) from public.knowledge_chunks)
from measured m where i.model = %(model)s
