-- Names that were misheard: "stored iq", "S. A. M. L." and "omibus" are compared with the names that articles use.

-- How a word sounds in English, roughly: its consonants, those that sound alike written alike. "Wix" and "wicks" are wks.
create function insta.sounds(word text) returns text
language sql immutable parallel safe
set search_path = pg_catalog
as $$
  select left(soft, 1) || regexp_replace(
    translate(replace(replace(substr(soft, 2), 'x', 'ks'), 'ph', 'f'), 'cqzaeiouyhw', 'kks'), '(.)\1+', '\1', 'g')
  from replace(
    regexp_replace(regexp_replace(lower(word), 'c(?=[eiy])', 's', 'g'), 'g(?=[eiy])', 'j', 'g'), 'ck', 'k') as soft
$$;

create index article_names_lower on public.article_names (lower(name));
create index article_names_alike on public.article_names using gin (lower(name) gin_trgm_ops);
create index article_names_sounds on public.article_names (insta.sounds(name));

-- What was heard, compared with the names that these audiences' articles use: what a run of words is when written
-- together, with how many articles use it (2 for more), and the names that a word is or sounds like, where no article has
-- the word.
create function insta.names_heard(p_runs text[], p_words text[], p_audiences text[])
returns table (heard text, name text, articles bigint, is_alike boolean, sounds_so boolean)
language sql stable security definer
set search_path = pg_catalog, public, extensions, pg_temp
set pg_trgm.similarity_threshold = 0.4
as $$
  select r.run, min(n.name), count(*), false, false
  from unnest(p_runs) as r(run)
  cross join lateral (
    select n.name
    from article_names n join knowledge_articles a on a.id = n.article_id
    where lower(n.name) = r.run
      and insta.is_heard(a.status, a.audience, a.valid_from, a.valid_until, p_audiences, insta.today())
    limit 2
  ) n
  group by r.run
  union all
  select w.word, n.name, 1, true, insta.sounds(n.name) is not distinct from w.sounds
  from (
    -- two sounds are too many names'
    select word, case when length(insta.sounds(word)) > 2 then insta.sounds(word) end as sounds
    from unnest(p_words) as given(word)
  ) w
  cross join lateral (
    select distinct n.name
    from article_names n join knowledge_articles a on a.id = n.article_id
    where (lower(n.name) % w.word or insta.sounds(n.name) = w.sounds)
      and insta.is_heard(a.status, a.audience, a.valid_from, a.valid_until, p_audiences, insta.today())
  ) n
  where exists (select from insta.lexemes(w.word)) and not exists (
    select from insta.lexemes(w.word) l
    join chunk_terms t on t.term = l.term
    where t.hearing = any(array(
      select h.id from knowledge_hearings h
      where insta.is_heard(h.status, h.audience, h.valid_from, h.valid_until, p_audiences, insta.today())))
  )
$$;

-- The same for the caller in the claims.
create function public.names_heard(p_runs text[], p_words text[])
returns table (heard text, name text, articles bigint, is_alike boolean, sounds_so boolean)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$ select * from insta.names_heard(p_runs, p_words, insta.caller_audiences()) $$;

select insta.protect_function(f) from unnest(array['insta.sounds(text)', 'insta.names_heard(text[], text[], text[])',
  'public.names_heard(text[], text[])']::regprocedure[]) as f;
grant execute on function public.names_heard(text[], text[]) to insta_app, insta_jobs;
grant execute on function insta.names_heard(text[], text[], text[]) to insta_jobs;
