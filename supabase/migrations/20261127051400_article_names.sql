-- The names that articles use: products, abbreviations, what only they write with a capital. Recognisers of speech are
-- told them, and words that were misheard are compared with them.

-- Whether a word can be nothing but a name: WebSphere, OAuth, 2FA, DB2, and SAML, where it is not too long for an
-- abbreviation; a longer one is a heading that shouts.
create function insta.is_distinct_name(word text) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog
as $$
  select word ~ '[[:lower:]][[:upper:]]|[[:digit:]][[:upper:]]|[[:upper:]][[:lower:]]*[[:digit:]]'
    '|^[[:upper:]]{2,6}s?$|^[[:upper:]]{2,4}[[:lower:]]'
$$;

create table public.article_names (
  name text not null,  -- as it is written
  article_id uuid not null references public.knowledge_articles on delete cascade,
  is_distinct boolean not null generated always as (insta.is_distinct_name(name)) stored,
  primary key (name, article_id)
);
create index article_names_article on public.article_names (article_id);
select insta.protect_table('public.article_names');
-- written by a trigger and read by functions, which are their owner's
create policy jobs_and_owner on public.article_names to insta_jobs, current_user using (true) with check (true);
grant select on public.article_names to insta_jobs;

-- The names in a text. A word of capitals, or with one where it follows a small letter or a comma, as "Okta" does here,
-- is one when the text never has it without; a single capital says nothing in German, which writes every noun so. No
-- pattern is matched against more than one word, so that a text without spaces costs no more than another.
create function insta.names_in(content text, language text) returns setof text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
  with spaced as materialized (
    select word, lag(word) over (order by place) as before
    -- a line ends a sentence, full stop or not
    from string_to_table(replace(translate(left(content, 200000), E'\r\t()[]"', '       '), E'\n', ' . '), ' ')
      with ordinality as s(word, place)
    where word <> ''
  ),
  words as materialized (
    select regexp_replace(trim(both '.,;:!?*_`''’“”' from part), '[''’]s$', '') as word,
      part = split_part(word, '-', 1) and before ~ '[[:lower:],]$' as inside
    from spaced cross join lateral string_to_table(translate(word, '/', '-'), '-') as part
    -- addresses are not said
    where length(word) <= 60 and word not like all ('{%://%,%@%,%/%/%}'::text[])
  )
  select distinct word from words
  where word ~ '^[[:alnum:]]{2,24}$'
    and (insta.is_distinct_name(word)
      or language not like 'de%' and inside and word ~ '^[[:upper:]][[:lower:]]+$')
    and (word ~ '[[:lower:]][[:upper:]]|[[:digit:]]'
      or not exists (select from words plain where plain.word = lower(words.word)))
$$;

create function insta.collect_names() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  delete from article_names where article_id = new.id;
  insert into article_names (name, article_id)
  select name, new.id from insta.names_in(new.title || E'\n' || new.content, new.language) as name;
  return null;
end
$$;
create trigger collect_names after insert or update of title, content, language on public.knowledge_articles
  for each row execute function insta.collect_names();

insert into public.article_names (name, article_id)
select name, a.id
from public.knowledge_articles a cross join insta.names_in(a.title || E'\n' || a.content, a.language) as name;

-- The names in what the caller may hear: first those that can be nothing else, each kind by how many articles use it.
-- The others are counted only where those are too few: each call asks this as it starts, of 100,000 names in a large
-- knowledge base.
create function public.knowledge_names(most integer) returns table (name text)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  with heard as materialized (
    select a.id from knowledge_articles a
    where insta.is_heard(a.status, a.audience, a.valid_from, a.valid_until, insta.caller_audiences(), insta.today())
  ),
  telling as materialized (
    select n.name, count(*) as articles
    from article_names n join heard h on h.id = n.article_id
    where n.is_distinct
    group by n.name
    order by articles desc, n.name
    limit least(greatest(most, 0), 1000)
  ),
  others as (
    select n.name, count(*) as articles
    from article_names n join heard h on h.id = n.article_id
    where not n.is_distinct
    group by n.name
    order by articles desc, n.name
    limit least(greatest(most, 0), 1000) - (select count(*) from telling)
  )
  select named.name
  from (select 1 as kind, t.* from telling t union all select 2, o.* from others o) named
  order by named.kind, named.articles desc, named.name
$$;

select insta.protect_function(f) from unnest(array['insta.is_distinct_name(text)', 'insta.names_in(text, text)',
  'insta.collect_names()', 'public.knowledge_names(integer)']::regprocedure[]) as f;
grant execute on function public.knowledge_names(integer) to insta_app, insta_jobs;
grant execute on function insta.names_in(text, text), insta.is_distinct_name(text) to insta_jobs;
