-- Local vectors are those of two models side by side (insta_voice.voice.local.text_vectors). Nothing makes those of one
-- alone any more: what is stored of all-MiniLM-L6-v2 is swept away in a day, and the job worker makes the new ones.

-- Searches do not wait behind this lock while a backup reads these tables for minutes: it is given up and asked for again.
-- The indexes first, as whoever writes an article.
do $$
declare
  was constant text := current_setting('lock_timeout');
  ends_at constant timestamptz := clock_timestamp() + interval '5 minutes';
begin
  perform set_config('lock_timeout', '500ms', true);
  loop
    begin
      lock table public.knowledge_indexes, public.chunk_embeddings, public.sentence_embeddings
        in access exclusive mode;
      exit;
    exception when lock_not_available or deadlock_detected then
      if clock_timestamp() > ends_at then
        raise exception 'The articles were being read for five minutes. Migrate again when no backup is being made.';
      end if;
    end;
    perform pg_sleep(0.5);
  end loop;
  perform set_config('lock_timeout', was, true);
end
$$;

-- A vector of more than 500 numbers would be moved out of its row, and a search reads a thousand of them.
alter table public.chunk_embeddings alter column embedding set storage main;
alter table public.sentence_embeddings alter column embedding set storage main;

update public.knowledge_indexes set state = 'retired', since = now(), trouble = null, waits_until = null
where model = 'all-MiniLM-L6-v2' and exists (select from public.chunk_embeddings where model = 'all-MiniLM-L6-v2');
delete from public.knowledge_indexes where model = 'all-MiniLM-L6-v2' and state <> 'retired';
drop index public.chunk_embeddings_minilm;

-- As it was, but that vectors of all-MiniLM-L6-v2 are now any model's: whoever serves it gets its HNSW index made.
create or replace function insta.register_index(p_model text, p_dimensions integer) returns void
language plpgsql security definer
set search_path = pg_catalog, public, extensions, pg_temp
as $$
declare
  named text := 'chunk_embeddings_' || substr(md5(p_model), 1, 12);
  indexed text := insta.indexed_type(p_dimensions);
begin
  perform pg_advisory_xact_lock(hashtextextended('insta.register_index', 0));
  insert into knowledge_indexes (model, dimensions) values (p_model, p_dimensions) on conflict do nothing;
  if p_model <> 'text-embedding-3-small' and to_regclass('public.' || named) is null then
    execute format('create index %I on public.chunk_embeddings using hnsw ((embedding::%s) %s_cosine_ops) where model = %L',
      named, indexed, split_part(indexed, '(', 1), p_model);
  end if;
end
$$;

select insta.register_index('bge-small-en-v1.5+all-MiniLM-L6-v2', 768);
-- An empty collection lacks no vector.
update public.knowledge_indexes set state = 'in use'
where model = 'bge-small-en-v1.5+all-MiniLM-L6-v2' and not exists (select from public.knowledge_chunks)
  and not exists (select from public.knowledge_indexes where state = 'in use');

-- The search as it was, with the weights of these vectors (bench.floor), and with how near the passages are that are
-- about the same and do not answer.
drop function public.match_knowledge_articles(text, real[], text, integer, integer);
drop function insta.search_knowledge(text, real[], text, text[], integer, integer);
create function insta.search_knowledge(
  query_text text, query_embedding real[], embedding_model text, audiences text[],
  match_count integer, chunks_per_article integer
) returns table (
  chunk_id bigint, article_id uuid, external_id text, version integer, title text, url text, heading text, text text,
  score double precision, cosine double precision, sentence_cosine double precision, lexical double precision,
  known double precision, sentences jsonb, updated_at timestamptz, beside jsonb,
  behind double precision
)
language plpgsql stable security definer
set search_path = pg_catalog, public, extensions, pg_temp
set plan_cache_mode = force_generic_plan  -- whoever asks, it is the same; to plan it takes as long as to run it
as $$
#variable_conflict use_column
declare
  today constant date := insta.today();
  heard constant integer[] := array(
    select h.id from public.knowledge_hearings h
    where insta.is_heard(h.status, h.audience, h.valid_from, h.valid_until, audiences, today));
  asked vector := query_embedding::vector;
  nearest bigint[] := '{}';
  articles float8;
  chunks float8;
  words_per_title float8;
  words_per_chunk float8;
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
        limit 60
      ) n
    $nearest$, embedding_model, insta.indexed_type(vector_dims(asked)), insta.indexed_type(vector_dims(asked)))
    into nearest using asked, audiences, today;
  end if;

  select s.articles, s.chunks, greatest(s.title_words::float8 / greatest(s.articles, 1), 1),
    greatest(s.chunk_words::float8 / greatest(s.chunks, 1), 1)
  into articles, chunks, words_per_title, words_per_chunk
  from public.knowledge_statistics s;

  return query
  with asked_terms as materialized (
    select l.term from insta.lexemes(query_text) l
  ),
  -- Only what the audience may hear is counted, so that not even a frequency tells of the rest.
  weights as materialized (
    -- a word no article has keeps its full weight: it says that the question is about something else
    select q.term, n.documents, ln(1 + (chunks - n.documents + 0.5) / (n.documents + 0.5)) as idf
    from asked_terms q cross join lateral (
      select count(*)::float8 as documents from public.chunk_terms t where t.term = q.term and t.hearing = any(heard)
    ) n
  ),
  totals as materialized (
    select greatest(sum(w.idf), 1e-9) as idf, coalesce(sum(w.idf) filter (where w.documents > 0), 0) as known_idf
    from weights w
  ),
  -- The rarest words first: those that would make it more than 4,000 postings tell little, and are looked up for what
  -- the others have found. 4,000 take 8 ms to add up, and no fewer are what most questions have among 20,000 chunks.
  by_rarity as materialized (
    select w.term, w.idf,
      sum(w.documents) over rarest <= 4000 or row_number() over rarest = 1 as is_rare
    from weights w where w.documents > 0
    window rarest as (order by w.documents, w.term rows unbounded preceding)
  ),
  by_rare_words as materialized (
    select t.chunk_id,
      sum(2.2::float8 * w.idf * t.frequency
        / (t.frequency + 1.2::float8 * (0.25::float8 + 0.75::float8 * t.length / words_per_chunk))) as bm25
    from by_rarity w join public.chunk_terms t on t.term = w.term
    where w.is_rare and t.hearing = any(heard)
    group by t.chunk_id
  ),
  candidates as materialized (
    select n.chunk_id from unnest(nearest) as n(chunk_id)
    union
    (select r.chunk_id from by_rare_words r order by r.bm25 desc, r.chunk_id limit 200)
  ),
  lexical as materialized (
    select c.chunk_id, coalesce(r.bm25, 0) + coalesce(f.bm25, 0) as bm25
    from candidates c
    left join by_rare_words r on r.chunk_id = c.chunk_id
    left join lateral (
      select sum(2.2::float8 * w.idf * t.frequency
        / (t.frequency + 1.2::float8 * (0.25::float8 + 0.75::float8 * t.length / words_per_chunk))) as bm25
      from by_rarity w join public.chunk_terms t on t.term = w.term and t.chunk_id = c.chunk_id
      where not w.is_rare
    ) f on true
  ),
  title_weights as materialized (
    select q.term, ln(1 + (articles - n.documents + 0.5) / (n.documents + 0.5)) as idf
    from asked_terms q cross join lateral (
      select count(*)::float8 as documents from public.title_terms t where t.term = q.term and t.hearing = any(heard)
    ) n
  ),
  titles as materialized (
    select t.article_id,
      sum(2.2::float8 * w.idf * t.frequency
        / (t.frequency + 1.2::float8 * (0.25::float8 + 0.75::float8 * t.length / words_per_title))) as bm25
    from title_weights w join public.title_terms t on t.term = w.term
    where t.hearing = any(heard)
    group by t.article_id
  ),
  pool as materialized (
    select n.chunk_id from unnest(nearest) as n(chunk_id)
    union
    (select l.chunk_id from lexical l order by l.bm25 desc, l.chunk_id limit 60)  -- written out: the plan knows how few
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
  -- What is about the same subject, but for the ten that may answer: the best passage stands out from these, or fits no
  -- better than they do. Null where there are no more than ten.
  crowd as materialized (
    select avg(n.cosine) as cosine
    from (select m.cosine from measured m where m.chunk_id = any(nearest) order by m.cosine desc offset 10) n
  ),
  bests as (
    select greatest(max(m.bm25), 1e-9) as bm25, greatest(max(m.title_bm25), 1e-9) as title_bm25 from measured m
  ),
  scored as (
    select m.*,
      (m.cosine + 0.5 * m.sentence_cosine + 0.25 * m.bm25 / b.bm25 + 0.1 * m.title_bm25 / b.title_bm25) / 1.85 as score
    from measured m cross join bests b
  ),
  ranked as (
    select s.*, row_number() over (partition by s.article_id order by s.score desc, s.chunk_id) as place
    from scored s
  ),
  chosen as (
    select r.*, row_number() over (order by r.score desc, r.chunk_id) as standing
    from ranked r where r.place <= chunks_per_article
    order by r.score desc, r.chunk_id limit match_count
  ),
  -- Chunks of one article under one heading, side by side, are a section that was cut.
  read as materialized (
    select h.chunk_id as chosen_id, n.id as chunk_id, n.ordinal - c.ordinal as place, n.heading, n.text,
      (select coalesce(jsonb_agg(jsonb_build_object('text', s.text,
          'score', round(greatest(coalesce(1 - (v.embedding <=> asked), 0), 0)::numeric, 4)) order by s.ordinal), '[]')
        from public.chunk_sentences s
        left join public.sentence_embeddings v
          on v.chunk_id = s.chunk_id and v.ordinal = s.ordinal and v.model = embedding_model
        where s.chunk_id = n.id) as sentences
    from chosen h
    join public.knowledge_chunks c on c.id = h.chunk_id
    cross join lateral (select case when h.standing <= 3 then 2 else 0 end as chunks) reach
    join public.knowledge_chunks n on n.article_id = c.article_id
      and n.ordinal between c.ordinal - reach.chunks and c.ordinal + reach.chunks and n.heading = c.heading
  )
  select h.chunk_id, a.id, a.external_id, a.version, a.title, coalesce(a.url, '/help/' || a.id), r.heading, r.text,
    h.score::float8, h.cosine::float8, h.sentence_cosine::float8,
    (h.bm25 / (2.2 * z.idf))::float8, (z.known_idf / z.idf)::float8, r.sentences, a.updated_at,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'chunk_id', n.chunk_id, 'place', n.place, 'text', n.text, 'sentences', n.sentences) order by n.place), '[]')
      from read n where n.chosen_id = h.chunk_id and n.place <> 0),
    (select c.cosine from crowd c)::float8
  from chosen h
  join read r on r.chosen_id = h.chunk_id and r.place = 0
  join public.knowledge_articles a on a.id = h.article_id
  cross join totals z
  -- whatever a posting says
  where insta.is_heard(a.status, a.audience, a.valid_from, a.valid_until, audiences, today)
  order by h.score desc, h.chunk_id;
end
$$;

create function public.match_knowledge_articles(
  query_text text, query_embedding real[], embedding_model text,
  match_count integer default 5, chunks_per_article integer default 3
) returns table (
  chunk_id bigint, article_id uuid, external_id text, version integer, title text, url text, heading text, text text,
  score double precision, cosine double precision, sentence_cosine double precision, lexical double precision,
  known double precision, sentences jsonb, updated_at timestamptz, beside jsonb,
  behind double precision
)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select * from insta.search_knowledge(query_text, query_embedding, embedding_model, insta.caller_audiences(),
    least(greatest(match_count, 0), 100), greatest(chunks_per_article, 1))
$$;

select insta.protect_function(f) from unnest(array[
  'public.match_knowledge_articles(text, real[], text, integer, integer)',
  'insta.search_knowledge(text, real[], text, text[], integer, integer)']::regprocedure[]) as f;
grant execute on function public.match_knowledge_articles(text, real[], text, integer, integer)
to insta_app, insta_jobs;
grant execute on function insta.search_knowledge(text, real[], text, text[], integer, integer) to insta_jobs;
