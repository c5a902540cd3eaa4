-- Articles as things with a life: what product they are about, on which days they are heard, every version as it was
-- written, and the drafts among them.

alter table public.knowledge_articles
  add column product text,
  -- the first and the last day on which it is heard, null: without end
  add column valid_from date,
  add column valid_until date,
  -- what its file said when it was last read: one that says the same overwrites no edit
  add column read_hash text,
  -- that file's bytes, and how they are read: while both are the same, what it says is known without a parser
  add column file_hash text,
  add constraint knowledge_articles_valid_days check (valid_from <= valid_until);

-- Every version as it was written, never changed afterwards. It outlives its article: what a call was answered from can
-- be read while the call's record is kept, and an article that comes back goes on where it ended.
create table public.article_versions (
  article_id uuid not null,
  version integer not null check (version > 0),
  external_id text,
  document jsonb not null check (jsonb_typeof(document) = 'object'),  -- the fields of a line of JSONL
  -- a draft was never heard; what is published from it is a version of its own
  reason text not null check (reason in ('ingest', 'edit', 'restore', 'draft')),
  -- of a draft the version that was published then, of an edit its draft, of a restoration the version that came back
  made_from integer,
  written_by text not null,  -- the part of the program, nobody's name
  written_at timestamptz not null default now(),
  primary key (article_id, version)
);
create index article_versions_external_id on public.article_versions (external_id, version);

insert into public.article_versions (article_id, version, external_id, document, reason, written_by)
select id, version, external_id,
  jsonb_strip_nulls(jsonb_build_object('id', external_id, 'title', title, 'text', content, 'url', url,
    'language', language, 'audience', audience, 'labels', labels, 'updated', updated_at)),
  'ingest', 'migration'
from public.knowledge_articles;

-- The draft of an article that waits to be published: one at most.
create table public.article_drafts (
  article_id uuid primary key,
  version integer not null,
  foreign key (article_id, version) references public.article_versions
);

select insta.protect_table('public.article_versions');
select insta.protect_table('public.article_drafts');
create policy jobs on public.article_versions to insta_jobs using (true) with check (true);
create policy jobs on public.article_drafts to insta_jobs using (true) with check (true);
grant select, insert on public.article_versions to insta_jobs;
grant select, insert, update, delete on public.article_drafts to insta_jobs;

-- The day it is, for articles that are heard from one day to another.
create function insta.today() returns date
language sql stable parallel safe
as $$ select (now() at time zone 'utc')::date $$;

-- Whether somebody of these audiences may hear an article today: the one place where that is said. Without a search_path
-- of its own it is written into each query's plan, which then knows how few articles it leaves out.
create function insta.is_heard(
  p_status text, p_audience text[], p_valid_from date, p_valid_until date, p_audiences text[], p_today date
) returns boolean
language sql immutable parallel safe
as $$
  select p_status = 'published' and p_audience && p_audiences
    and (p_valid_from is null or p_valid_from <= p_today) and (p_valid_until is null or p_valid_until >= p_today)
$$;

select insta.protect_function(f) from unnest(array['insta.today()',
  'insta.is_heard(text, text[], date, date, text[], date)']::regprocedure[]) as f;

-- A whole article for the page that shows it, under the same rule.
create or replace function public.get_knowledge_article(wanted uuid) returns table (
  id uuid, external_id text, title text, url text, content text, version integer, updated_at timestamptz
)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select a.id, a.external_id, a.title, a.url, a.content, a.version, a.updated_at
  from public.knowledge_articles a
  where a.id = wanted
    and insta.is_heard(a.status, a.audience, a.valid_from, a.valid_until, insta.caller_audiences(), insta.today())
$$;

-- The search as it was, but that what is not heard today is filtered, too.
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
  today constant date := insta.today();
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
        where e.model = %L
          and insta.is_heard(a.status, a.audience, a.valid_from, a.valid_until, $2, $3)
        order by e.embedding::%s <=> $1::%s
        limit %s
      ) n
    $nearest$, embedding_model, insta.indexed_type(vector_dims(asked)), insta.indexed_type(vector_dims(asked)),
      pool_size)
    into nearest using asked, audiences, today;
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
    where insta.is_heard(a.status, a.audience, a.valid_from, a.valid_until, audiences, today)
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
    where insta.is_heard(a.status, a.audience, a.valid_from, a.valid_until, audiences, today)
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
