-- Help articles and how they are found: chunks, sentences, vectors by model, postings for BM25, and the two
-- functions that are the only way to them for whoever answers a caller.
--
-- Row-level security has no policy for the runtime role, so a direct read gives no row. The functions run as the
-- owner, whose policy is plain `true`: one that compares audiences would make the indexes of words useless.

create table public.knowledge_articles (
  id uuid primary key default gen_random_uuid(),
  external_id text unique,
  -- where it was read from, so that a file that is gone takes its article with it
  source text,
  source_path text,
  title text not null,
  title_length integer not null default 0,
  url text,
  language text not null default 'en',
  audience text[] not null default '{everyone}' check (cardinality(audience) > 0),
  labels text[] not null default '{}',
  status text not null default 'published' check (status in ('published', 'draft', 'archived')),
  version integer not null default 1,
  content text not null,
  content_hash text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index knowledge_articles_source on public.knowledge_articles (source);

create table public.knowledge_chunks (
  id bigint generated always as identity primary key,
  article_id uuid not null references public.knowledge_articles on delete cascade,
  ordinal integer not null,
  heading text not null default '',
  text text not null,
  -- lexemes counted with repetition, title path included: BM25's document length
  length integer not null default 0,
  unique (article_id, ordinal)
);

create table public.chunk_sentences (
  chunk_id bigint not null references public.knowledge_chunks on delete cascade,
  ordinal integer not null,
  text text not null,
  primary key (chunk_id, ordinal)
);

-- Vectors of any model side by side: the column has no dimension, each model has its partial index.
create table public.chunk_embeddings (
  chunk_id bigint not null references public.knowledge_chunks on delete cascade,
  model text not null,
  embedding vector not null,
  primary key (chunk_id, model)
);
create index chunk_embeddings_minilm on public.chunk_embeddings
  using hnsw ((embedding::vector(384)) vector_cosine_ops) where model = 'all-MiniLM-L6-v2';
create index chunk_embeddings_openai_small on public.chunk_embeddings
  using hnsw ((embedding::vector(1536)) vector_cosine_ops) where model = 'text-embedding-3-small';

-- Sentences are only ever compared within the candidate chunks, so they need no vector index.
create table public.sentence_embeddings (
  chunk_id bigint not null,
  ordinal integer not null,
  model text not null,
  embedding vector not null,
  primary key (chunk_id, model, ordinal),
  foreign key (chunk_id, ordinal) references public.chunk_sentences on delete cascade
);
create index sentence_embeddings_sentence on public.sentence_embeddings (chunk_id, ordinal);

-- Postings, because Postgres' own ranking has no document frequencies and ranks every match.
create table public.chunk_terms (
  term text not null,
  chunk_id bigint not null references public.knowledge_chunks on delete cascade,
  frequency integer not null,
  primary key (term, chunk_id) include (frequency)
);
create index chunk_terms_chunk on public.chunk_terms (chunk_id);

create table public.title_terms (
  term text not null,
  article_id uuid not null references public.knowledge_articles on delete cascade,
  frequency integer not null,
  primary key (term, article_id) include (frequency)
);
create index title_terms_article on public.title_terms (article_id);

create table public.knowledge_statistics (
  only_row boolean primary key default true check (only_row),
  chunks bigint not null default 0,
  chunk_words bigint not null default 0,
  articles bigint not null default 0,
  title_words bigint not null default 0
);
insert into public.knowledge_statistics default values;

-- The lexemes of a text with how often each occurs. A full stop, slash or underscore between letters separates
-- words here: Postgres' parser would take "team.How" for a host name and "and/or" for a file.
create function insta.lexemes(content text) returns table (term text, frequency integer)
language sql immutable parallel safe
rows 10  -- a question's; the default of 1,000 makes the planner read whole tables
set search_path = pg_catalog
as $$
  select t.lexeme, coalesce(cardinality(t.positions), 1)
  from unnest(to_tsvector('pg_catalog.english',
    regexp_replace(content, '([[:alpha:]])[./_]+(?=[[:alpha:]])', '\1 ', 'g'))) as t
$$;

-- What the caller may hear: everyone's articles, those of their plan, and staff's for staff.
create function insta.caller_audiences() returns text[]
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select array['everyone'] || coalesce((
    select array['plan:' || p.plan]
      || case when p.role in ('support', 'admin') then array['staff'] else '{}'::text[] end
    from public.user_profiles p
    where p.user_id = insta.current_user_id() and not p.disabled
  ), '{}')
$$;

-- Counts what BM25 needs to know about the whole collection, whoever changes it.
create function insta.count_chunks() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  if tg_op in ('DELETE', 'UPDATE') then
    update public.knowledge_statistics s set chunks = s.chunks - o.n, chunk_words = s.chunk_words - o.words
    from (select count(*) as n, coalesce(sum(length), 0) as words from before) o;
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    update public.knowledge_statistics s set chunks = s.chunks + o.n, chunk_words = s.chunk_words + o.words
    from (select count(*) as n, coalesce(sum(length), 0) as words from after) o;
  end if;
  return null;
end
$$;
create trigger count_inserted after insert on public.knowledge_chunks
  referencing new table as after for each statement execute function insta.count_chunks();
create trigger count_updated after update on public.knowledge_chunks
  referencing old table as before new table as after for each statement execute function insta.count_chunks();
create trigger count_deleted after delete on public.knowledge_chunks
  referencing old table as before for each statement execute function insta.count_chunks();

create function insta.count_articles() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  if tg_op in ('DELETE', 'UPDATE') then
    update public.knowledge_statistics s set articles = s.articles - o.n, title_words = s.title_words - o.words
    from (select count(*) as n, coalesce(sum(title_length), 0) as words from before) o;
  end if;
  if tg_op in ('INSERT', 'UPDATE') then
    update public.knowledge_statistics s set articles = s.articles + o.n, title_words = s.title_words + o.words
    from (select count(*) as n, coalesce(sum(title_length), 0) as words from after) o;
  end if;
  return null;
end
$$;
create trigger count_inserted after insert on public.knowledge_articles
  referencing new table as after for each statement execute function insta.count_articles();
create trigger count_updated after update on public.knowledge_articles
  referencing old table as before new table as after for each statement execute function insta.count_articles();
create trigger count_deleted after delete on public.knowledge_articles
  referencing old table as before for each statement execute function insta.count_articles();

-- The search itself: the nearest chunks by vector and the best by BM25 are pooled, and every one of the pool is
-- scored as cosine + its best sentence's cosine + .45 BM25 (as a share of the best) + .2 BM25 of the title (same),
-- divided by the weights' sum. Adding scores beat adding ranks when measured; the weights were chosen on the
-- questions that bench/retrieval takes.
-- STABLE matters: the whole function sees one snapshot, so never half of an article that is being replaced.
create function insta.search_knowledge(
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
    -- Without iterative scans a filter that keeps few rows empties the result; relaxed order is sorted below.
    perform set_config('hnsw.iterative_scan', 'relaxed_order', true);
    perform set_config('hnsw.ef_search', '100', true);
    -- The dimension is part of the index's expression, so this one statement is built by the number of dimensions.
    execute format($nearest$
      select coalesce(array_agg(n.chunk_id), '{}') from (
        select e.chunk_id
        from public.chunk_embeddings e
        join public.knowledge_chunks c on c.id = e.chunk_id
        join public.knowledge_articles a on a.id = c.article_id
        where e.model = %L and a.status = 'published' and a.audience && $2
        order by e.embedding::vector(%s) <=> $1::vector(%s)
        limit %s
      ) n
    $nearest$, embedding_model, vector_dims(asked), vector_dims(asked), pool_size)
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

-- The one way to articles for whoever answers a caller: what the claims allow, nothing the arguments could widen.
create function public.match_knowledge_articles(
  query_text text, query_embedding real[], embedding_model text,
  match_count integer default 5, chunks_per_article integer default 3
) returns table (
  chunk_id bigint, article_id uuid, external_id text, version integer, title text, url text, heading text, text text,
  score double precision, cosine double precision, sentence_cosine double precision, lexical double precision,
  known double precision, sentences jsonb
)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select * from insta.search_knowledge(query_text, query_embedding, embedding_model, insta.caller_audiences(),
    least(greatest(match_count, 0), 100), greatest(chunks_per_article, 1))
$$;

-- A whole article for the page that shows it, under the same rule.
create function public.get_knowledge_article(wanted uuid) returns table (
  id uuid, external_id text, title text, url text, content text, version integer, updated_at timestamptz
)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select a.id, a.external_id, a.title, a.url, a.content, a.version, a.updated_at
  from public.knowledge_articles a
  where a.id = wanted and a.status = 'published' and a.audience && insta.caller_audiences()
$$;

do $$
declare
  named text;
begin
  foreach named in array array['knowledge_articles', 'knowledge_chunks', 'chunk_sentences', 'chunk_embeddings',
    'sentence_embeddings', 'chunk_terms', 'title_terms', 'knowledge_statistics']
  loop
    perform insta.protect_table(format('public.%I', named));
    execute format('grant select, insert, update, delete on public.%I to insta_jobs', named);
    execute format('create policy jobs_and_owner on public.%I to insta_jobs, current_user using (true) with check (true)',
      named);
  end loop;
end
$$;

select insta.protect_function(f) from unnest(array[
  'public.match_knowledge_articles(text, real[], text, integer, integer)', 'public.get_knowledge_article(uuid)',
  'insta.search_knowledge(text, real[], text, text[], integer, integer)', 'insta.caller_audiences()',
  'insta.lexemes(text)', 'insta.count_chunks()', 'insta.count_articles()']::regprocedure[]) as f;
grant execute on function
  public.match_knowledge_articles(text, real[], text, integer, integer), public.get_knowledge_article(uuid)
to insta_app, insta_jobs;
-- Ingestion, the command line and the console search for an audience they name.
grant execute on function
  insta.search_knowledge(text, real[], text, text[], integer, integer), insta.lexemes(text)
to insta_jobs;
