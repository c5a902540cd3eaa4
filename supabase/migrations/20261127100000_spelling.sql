-- Ordinary words that are misspelt: "chnage" and "pasword" are compared with the words that articles use.

-- The words of a text that are written in small letters, each once. With a capital they may be names, which have their
-- own table.
create function insta.words_in(content text) returns setof text
language sql immutable parallel safe
set search_path = pg_catalog
as $$
  select distinct word from regexp_split_to_table(left(content, 200000), '[^[:alpha:]''’]+') as word
  where length(word) between 4 and 24 and word ~ '^[[:lower:]]+$'
$$;

-- Those of all articles, whoever may hear them: which a caller may hear, the postings of their lexemes say.
create table public.knowledge_words (
  word text primary key,
  term text generated always as ((ts_lexize('pg_catalog.english_stem', word))[1]) stored,  -- null for "about"
  articles integer not null  -- how many have it
);
create index knowledge_words_alike on public.knowledge_words using gin (word gin_trgm_ops);
select insta.protect_table('public.knowledge_words');
create policy jobs_and_owner on public.knowledge_words to insta_jobs, current_user using (true) with check (true);
grant select on public.knowledge_words to insta_jobs;

-- Counts the words of what was written, less those of what was there before. Its triggers come behind those that count
-- the articles, by their names: of two who write at once, one waits there, and neither for the other's words.
create function insta.count_words() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  came text[] := '{}';  -- a word as often as articles have it
  went text[] := '{}';
begin
  if tg_op = 'INSERT' then
    came := array(select w from after a cross join insta.words_in(a.title || ' ' || a.content) as w);
  elsif tg_op = 'DELETE' then
    went := array(select w from before b cross join insta.words_in(b.title || ' ' || b.content) as w);
  else
    came := array(
      select w from after a join before b using (id) cross join insta.words_in(a.title || ' ' || a.content) as w
      where (a.title, a.content) is distinct from (b.title, b.content));
    went := array(
      select w from after a join before b using (id) cross join insta.words_in(b.title || ' ' || b.content) as w
      where (a.title, a.content) is distinct from (b.title, b.content));
  end if;
  insert into knowledge_words as k (word, articles)
  select w, sum(n)
  from (select w, 1 from unnest(came) as w union all select w, -1 from unnest(went) as w) as change(w, n)
  group by w having sum(n) <> 0
  order by w
  on conflict (word) do update set articles = k.articles + excluded.articles;
  delete from knowledge_words k where k.articles <= 0 and k.word = any(went);
  return null;
end
$$;
create trigger words_inserted after insert on public.knowledge_articles
  referencing new table as after for each statement execute function insta.count_words();
create trigger words_updated after update on public.knowledge_articles
  referencing old table as before new table as after for each statement execute function insta.count_words();
create trigger words_deleted after delete on public.knowledge_articles
  referencing old table as before for each statement execute function insta.count_words();

insert into public.knowledge_words (word, articles)
select word, count(*)
from public.knowledge_articles a cross join insta.words_in(a.title || ' ' || a.content) as word
group by word;

-- The words that these audiences' articles have, or another form of, and that are written much like one of `p_words`,
-- where no article that they may hear has that, with their lexemes. One letter changed in a word of five leaves a third of the trigrams;
-- letters that changed places leave fewer, so such words are looked up as they are.
create function insta.spellings(p_words text[], p_audiences text[])
returns table (heard text, word text, term text)
language sql stable security definer
set search_path = pg_catalog, public, extensions, pg_temp
set pg_trgm.similarity_threshold = 0.3
as $$
  with hearings as materialized (
    select h.id from knowledge_hearings h
    where insta.is_heard(h.status, h.audience, h.valid_from, h.valid_until, p_audiences, insta.today())
  ),
  unknown as materialized (
    select w.word from unnest(p_words) as w(word)
    where exists (select from insta.lexemes(w.word)) and not exists (
      select from insta.lexemes(w.word) l join chunk_terms t on t.term = l.term
      where t.hearing = any(array(select id from hearings)))
    limit 10  -- a question in another language is all unknown
  )
  select u.word, near.word, coalesce(near.term, near.word)
  from unknown u cross join lateral (
    (select k.word, k.term from knowledge_words k
     where k.word % u.word and left(k.word, 1) = left(u.word, 1) and abs(length(k.word) - length(u.word)) <= 2
       and (k.term is null or exists (
         select from chunk_terms t where t.term = k.term and t.hearing = any(array(select id from hearings))))
     order by similarity(k.word, u.word) desc, k.word
     limit 30)  -- of one length and beginning; the nearest is among the first few
    union
    select k.word, k.term from knowledge_words k
    where k.word = any(array(
      select overlay(u.word placing reverse(substr(u.word, place, 2)) from place for 2)
      from generate_series(2, length(u.word) - 1) as place))
  ) near
  where near.term is null or exists (
    select from chunk_terms t where t.term = near.term and t.hearing = any(array(select id from hearings)))
$$;

-- The same for the caller in the claims.
create function public.spellings(p_words text[]) returns table (heard text, word text, term text)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$ select * from insta.spellings(p_words, insta.caller_audiences()) $$;

select insta.protect_function(f) from unnest(array['insta.words_in(text)', 'insta.count_words()',
  'insta.spellings(text[], text[])', 'public.spellings(text[])']::regprocedure[]) as f;
grant execute on function public.spellings(text[]) to insta_app, insta_jobs;
grant execute on function insta.spellings(text[], text[]) to insta_jobs;
