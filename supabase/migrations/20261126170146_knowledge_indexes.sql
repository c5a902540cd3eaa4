-- Which models' vectors the articles have, and which of them questions may be searched with.

create table public.knowledge_indexes (
  model text primary key,
  -- 4,000 is the most that an HNSW index takes, as halfvec
  dimensions integer not null check (dimensions between 1 and 4000),
  -- filling: not every chunk has its vector yet. ready: complete and kept so, asked while the one in use cannot be.
  -- in use: complete, and asked. retired: left behind by a change of model, and swept away later.
  state text not null default 'filling' check (state in ('filling', 'ready', 'in use', 'retired')),
  since timestamptz not null default now(),
  -- the mean cosine of a sentence to its own chunk and to another article's, and of how many chunks: the scale on which
  -- this model's cosines are read
  related_cosine double precision,
  unrelated_cosine double precision,
  measured_chunks bigint not null default 0,
  -- while filling: what its model's server said last, and when it may be asked again
  trouble text,
  waits_until timestamptz
);
create unique index knowledge_indexes_in_use on public.knowledge_indexes (state) where state = 'in use';
select insta.protect_table('public.knowledge_indexes');
grant select, insert, update, delete on public.knowledge_indexes to insta_jobs;
create policy jobs_and_owner on public.knowledge_indexes to insta_jobs, current_user using (true) with check (true);

-- What is stored already: each model is ready if no chunk lacks its vector, and that with the most is in use.
with stored as (
  select model, max(vector_dims(embedding)) as dimensions, count(*) as vectors
    from public.chunk_embeddings group by model
  union all
  select 'all-MiniLM-L6-v2', 384, 0
   where not exists (select from public.chunk_embeddings where model = 'all-MiniLM-L6-v2')
),
complete as (
  select model, dimensions, vectors = (select count(*) from public.knowledge_chunks) as is_complete from stored
)
insert into public.knowledge_indexes (model, dimensions, state)
select model, dimensions,
  case when not is_complete then 'filling'
       when row_number() over (order by is_complete desc, model = 'all-MiniLM-L6-v2' desc, model) = 1 then 'in use'
       else 'ready' end
  from complete;

-- A vector without an entry here would be one that nobody knows how to ask for.
alter table public.chunk_embeddings add foreign key (model) references public.knowledge_indexes;

-- What an HNSW index of so many dimensions is made of: the type vector is taken up to 2,000.
create function insta.indexed_type(p_dimensions integer) returns text
language sql immutable parallel safe
set search_path = pg_catalog
as $$ select format(case when p_dimensions <= 2000 then 'vector(%s)' else 'halfvec(%s)' end, p_dimensions) $$;

-- Refuses a question in vectors that no complete index answers, where a search would answer it wrongly.
create function insta.require_index(p_model text, p_dimensions integer) returns void
language plpgsql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  found record;
begin
  select state, dimensions into found from knowledge_indexes where model = p_model;
  if found is null then
    raise exception 'The articles have no vectors of %.', p_model
      using errcode = 'object_not_in_prerequisite_state';
  elsif found.dimensions <> p_dimensions then
    raise exception 'The vectors of % have % numbers, and the question''s has %.', p_model, found.dimensions, p_dimensions
      using errcode = 'object_not_in_prerequisite_state';
  elsif found.state not in ('in use', 'ready') then
    raise exception 'The index of % is not to be asked: it is %.', p_model, found.state
      using errcode = 'object_not_in_prerequisite_state';
  end if;
end
$$;

-- Registers a model: its vectors are made from now on, and are asked for when all are there. Its HNSW index is made here,
-- as the owner, while it has no rows: making it later would keep writers waiting.
create function insta.register_index(p_model text, p_dimensions integer) returns void
language plpgsql security definer
set search_path = pg_catalog, public, extensions, pg_temp
as $$
declare
  named text := 'chunk_embeddings_' || substr(md5(p_model), 1, 12);
  indexed text := insta.indexed_type(p_dimensions);
begin
  perform pg_advisory_xact_lock(hashtextextended('insta.register_index', 0));
  insert into knowledge_indexes (model, dimensions) values (p_model, p_dimensions) on conflict do nothing;
  if p_model not in ('all-MiniLM-L6-v2', 'text-embedding-3-small') and to_regclass('public.' || named) is null then
    execute format('create index %I on public.chunk_embeddings using hnsw ((embedding::%s) %s_cosine_ops) where model = %L',
      named, indexed, split_part(indexed, '(', 1), p_model);
  end if;
end
$$;

select insta.protect_function(f) from unnest(array['insta.indexed_type(integer)',
  'insta.require_index(text, integer)', 'insta.register_index(text, integer)']::regprocedure[]) as f;
grant execute on function insta.register_index(text, integer) to insta_jobs;

-- The search as it was, but that it refuses what no complete index answers, and knows vectors of any dimension.
create or replace function insta.search_knowledge(
  query_text text, query_embedding real[], embedding_model text, audiences text[],
  match_count integer, chunks_per_article integer
) returns table (
  chunk_id bigint, article_id uuid, external_id text, version integer, title text, url text, heading text, text text,
  score double precision, cosine double precision, sentence_cosine double precision, lexical double precision,
  known double precision, sentences jsonb
)
language plpgsql stable security definer
set search_path = pg_catalog, public, extensions, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  pool_size constant integer := 60;
  asked vector := query_embedding::vector;
  nearest bigint[] := '{}';
begin
  if asked is not null then
    perform insta.require_index(embedding_model, vector_dims(asked));
    -- Without iterative scans a filter that keeps few rows empties the result; relaxed order is sorted below.
    perform set_config('hnsw.iterative_scan', 'relaxed_order', true);
    perform set_config('hnsw.ef_search', '100', true);
    -- Type and dimension are part of the index's expression, so this one statement is built by the index's type.
    execute format($nearest$
      select coalesce(array_agg(n.chunk_id), '{}') from (
        select e.chunk_id
        from public.chunk_embeddings e
        join public.knowledge_chunks c on c.id = e.chunk_id
        join public.knowledge_articles a on a.id = c.article_id
        where e.model = %L and a.status = 'published' and a.audience && $2
        order by e.embedding::%s <=> $1::%s
        limit %s
      ) n
    $nearest$, embedding_model, insta.indexed_type(vector_dims(asked)), insta.indexed_type(vector_dims(asked)),
      pool_size)
    into nearest using asked, audiences;
  end if;

  return query
  with asked_terms as materialized (
    select l.term from insta.lexemes(query_text) l
  ),
  -- Only what the audience may hear is counted, so that not even a frequency tells of the rest.
  found as materialized (
    select t.term, t.chunk_id, t.frequency, c.length
    from asked_terms q
    join public.chunk_terms t on t.term = q.term
    join public.knowledge_chunks c on c.id = t.chunk_id
    join public.knowledge_articles a on a.id = c.article_id
    where a.status = 'published' and a.audience && audiences
  ),
  weights as materialized (
    -- a word no article has keeps its full weight: it says that the question is about something else
    select q.term, q.documents, ln(1 + (s.chunks - q.documents + 0.5) / (q.documents + 0.5)) as idf
    from (select q.term, count(f.chunk_id) as documents
          from asked_terms q left join found f on f.term = q.term group by q.term) q
    cross join public.knowledge_statistics s
  ),
  totals as materialized (
    select greatest(sum(w.idf), 1e-9) as idf, coalesce(sum(w.idf) filter (where w.documents > 0), 0) as known_idf
    from weights w
  ),
  lexical as materialized (
    select f.chunk_id,
      sum(w.idf * f.frequency * 2.2
        / (f.frequency + 1.2 * (0.25 + 0.75 * f.length / greatest(s.chunk_words::float8 / greatest(s.chunks, 1), 1))))
        as bm25
    from found f
    join weights w on w.term = f.term
    cross join public.knowledge_statistics s
    group by f.chunk_id
  ),
  found_titles as materialized (
    select t.term, t.article_id, t.frequency, a.title_length
    from asked_terms q
    join public.title_terms t on t.term = q.term
    join public.knowledge_articles a on a.id = t.article_id
    where a.status = 'published' and a.audience && audiences
  ),
  title_weights as materialized (
    select f.term, ln(1 + (s.articles - count(*) + 0.5) / (count(*) + 0.5)) as idf
    from found_titles f cross join public.knowledge_statistics s
    group by f.term, s.articles
  ),
  titles as materialized (
    select f.article_id,
      sum(w.idf * f.frequency * 2.2
        / (f.frequency + 1.2 * (0.25 + 0.75 * f.title_length
          / greatest(s.title_words::float8 / greatest(s.articles, 1), 1)))) as bm25
    from found_titles f
    join title_weights w on w.term = f.term
    cross join public.knowledge_statistics s
    group by f.article_id
  ),
  pool as materialized (
    select n.chunk_id from unnest(nearest) as n(chunk_id)
    union
    (select l.chunk_id from lexical l order by l.bm25 desc limit pool_size)
  ),
  measured as materialized (
    select p.chunk_id, c.article_id,
      coalesce(1 - (e.embedding <=> asked), 0) as cosine,
      coalesce(b.cosine, 0) as sentence_cosine,
      coalesce(l.bm25, 0) as bm25,
      coalesce(t.bm25, 0) as title_bm25
    from pool p
    join public.knowledge_chunks c on c.id = p.chunk_id
    left join public.chunk_embeddings e on e.chunk_id = p.chunk_id and e.model = embedding_model
    left join lateral (
      select max(1 - (v.embedding <=> asked)) as cosine
      from public.sentence_embeddings v where v.chunk_id = p.chunk_id and v.model = embedding_model
    ) b on true
    left join lexical l on l.chunk_id = p.chunk_id
    left join titles t on t.article_id = c.article_id
  ),
  bests as (
    select greatest(max(m.bm25), 1e-9) as bm25, greatest(max(m.title_bm25), 1e-9) as title_bm25 from measured m
  ),
  scored as (
    select m.*,
      (m.cosine + m.sentence_cosine + 0.45 * m.bm25 / b.bm25 + 0.2 * m.title_bm25 / b.title_bm25) / 2.65 as score
    from measured m cross join bests b
  ),
  ranked as (
    select s.*, row_number() over (partition by s.article_id order by s.score desc, s.chunk_id) as place
    from scored s
  ),
  chosen as (
    select r.* from ranked r where r.place <= chunks_per_article
    order by r.score desc, r.chunk_id limit match_count
  )
  select h.chunk_id, a.id, a.external_id, a.version, a.title, coalesce(a.url, '/help/' || a.id), c.heading, c.text,
    h.score::float8, h.cosine::float8, h.sentence_cosine::float8,
    (h.bm25 / (2.2 * z.idf))::float8, (z.known_idf / z.idf)::float8,
    (select coalesce(jsonb_agg(jsonb_build_object('text', s.text,
        'score', round(greatest(coalesce(1 - (v.embedding <=> asked), 0), 0)::numeric, 4)) order by s.ordinal), '[]')
      from public.chunk_sentences s
      left join public.sentence_embeddings v
        on v.chunk_id = s.chunk_id and v.ordinal = s.ordinal and v.model = embedding_model
      where s.chunk_id = h.chunk_id)
  from chosen h
  join public.knowledge_chunks c on c.id = h.chunk_id
  join public.knowledge_articles a on a.id = c.article_id
  cross join totals z
  order by h.score desc, h.chunk_id;
end
$$;
