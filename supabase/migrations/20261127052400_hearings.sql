-- Who hears an article, as a number in each of its postings, beside the length of what they are of: a question's words
-- are counted by reading their postings and nothing else. Joined to chunks and articles, a word in a fifth of 20,000
-- chunks had both tables read.

create table public.knowledge_hearings (
  id integer generated always as identity primary key,
  status text not null,
  audience text[] not null,
  valid_from date,
  valid_until date,
  unique nulls not distinct (status, audience, valid_from, valid_until)
);
select insta.protect_table('public.knowledge_hearings');
create policy jobs_and_owner on public.knowledge_hearings to insta_jobs, current_user using (true) with check (true);
grant select on public.knowledge_hearings to insta_jobs;

-- The number of those who hear articles like this one, a new one for the first of them.
create function insta.hearing_of(
  p_status text, p_audience text[], p_valid_from date, p_valid_until date
) returns integer
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  found integer;
begin
  loop
    select h.id into found from public.knowledge_hearings h
    where h.status = p_status and h.audience = p_audience
      and h.valid_from is not distinct from p_valid_from and h.valid_until is not distinct from p_valid_until;
    exit when found is not null;
    insert into public.knowledge_hearings (status, audience, valid_from, valid_until)
    values (p_status, p_audience, p_valid_from, p_valid_until) on conflict do nothing;
  end loop;
  return found;
end
$$;

-- Whatever a writer says: a posting is heard by those who hear its article. The article stays as it is until the
-- transaction ends, else it could change unseen.
create function insta.complete_chunk_term() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  select c.length, insta.hearing_of(a.status, a.audience, a.valid_from, a.valid_until) into new.length, new.hearing
  from public.knowledge_chunks c join public.knowledge_articles a on a.id = c.article_id
  where c.id = new.chunk_id for share of a;
  return new;
end
$$;

create function insta.complete_title_term() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  select a.title_length, insta.hearing_of(a.status, a.audience, a.valid_from, a.valid_until)
  into new.length, new.hearing
  from public.knowledge_articles a where a.id = new.article_id for share of a;
  return new;
end
$$;

-- Whoever changes who hears an article changes its postings in the same transaction.
create function insta.carry_hearing() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  changed constant integer := insta.hearing_of(new.status, new.audience, new.valid_from, new.valid_until);
begin
  update public.chunk_terms t set hearing = changed
  from public.knowledge_chunks c where c.article_id = new.id and t.chunk_id = c.id;
  update public.title_terms t set hearing = changed where t.article_id = new.id;
  return null;
end
$$;

select insta.protect_function(f) from unnest(array['insta.hearing_of(text, text[], date, date)',
  'insta.complete_chunk_term()', 'insta.complete_title_term()', 'insta.carry_hearing()']::regprocedure[]) as f;

-- What is stored is written into new tables: 100,000 chunks have millions of postings, and searches go on reading the
-- old ones meanwhile. Writers of articles wait, and for a moment at the end searches do. In a block, because Supabase's
-- command line sends a file's statements in a pipeline, where a lock alone is refused.
do $$
begin
  lock table public.knowledge_articles, public.knowledge_chunks, public.chunk_terms, public.title_terms
    in share row exclusive mode;
end
$$;

insert into public.knowledge_hearings (status, audience, valid_from, valid_until)
select distinct status, audience, valid_from, valid_until from public.knowledge_articles;

create temporary table heard_articles on commit drop as
select a.id as article_id, a.title_length, insta.hearing_of(a.status, a.audience, a.valid_from, a.valid_until) as hearing
from public.knowledge_articles a;

create table insta.chunk_terms (
  term text not null,
  chunk_id bigint not null,
  frequency integer not null,
  length integer not null,
  hearing integer not null
);
insert into insta.chunk_terms (term, chunk_id, frequency, length, hearing)
select t.term, t.chunk_id, t.frequency, c.length, h.hearing
from public.chunk_terms t
join public.knowledge_chunks c on c.id = t.chunk_id
join heard_articles h on h.article_id = c.article_id
order by t.term, t.chunk_id;  -- as they are read

create table insta.title_terms (
  term text not null,
  article_id uuid not null,
  frequency integer not null,
  length integer not null,
  hearing integer not null
);
insert into insta.title_terms (term, article_id, frequency, length, hearing)
select t.term, t.article_id, t.frequency, h.title_length, h.hearing
from public.title_terms t join heard_articles h on h.article_id = t.article_id
order by t.term, t.article_id;

alter table insta.chunk_terms
  add primary key (term, chunk_id) include (frequency, length, hearing),
  add foreign key (chunk_id) references public.knowledge_chunks on delete cascade;
alter table insta.title_terms
  add primary key (term, article_id) include (frequency, length, hearing),
  add foreign key (article_id) references public.knowledge_articles on delete cascade;
create index chunk_terms_chunk on insta.chunk_terms (chunk_id);
create index title_terms_article on insta.title_terms (article_id);
analyze insta.chunk_terms, insta.title_terms;

-- In the order in which a search reads them. Where a backup reads them for minutes, searches do not wait behind this
-- lock: it is given up and asked for again, and sooner than Postgres looks for a deadlock (1 s), so that of this and
-- another transaction it is this one that gives way.
do $$
declare
  was constant text := current_setting('lock_timeout');
  ends_at constant timestamptz := clock_timestamp() + interval '5 minutes';  -- writers wait as long
begin
  perform set_config('lock_timeout', '500ms', true);
  loop
    begin
      lock table public.knowledge_chunks, public.knowledge_articles, public.chunk_terms, public.title_terms
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
drop table public.chunk_terms, public.title_terms;
alter table insta.chunk_terms set schema public;
alter table insta.title_terms set schema public;

do $$
declare
  named text;
begin
  foreach named in array array['chunk_terms', 'title_terms'] loop
    perform insta.protect_table(format('public.%I', named));
    execute format('grant select, insert, update, delete on public.%I to insta_jobs', named);
    execute format('create policy jobs_and_owner on public.%I to insta_jobs, current_user using (true) with check (true)',
      named);
  end loop;
end
$$;

create trigger complete before insert on public.chunk_terms
  for each row execute function insta.complete_chunk_term();
create trigger complete before insert on public.title_terms
  for each row execute function insta.complete_title_term();
create trigger carry_hearing after update of status, audience, valid_from, valid_until on public.knowledge_articles
  for each row when (row(old.status, old.audience, old.valid_from, old.valid_until)
    is distinct from row(new.status, new.audience, new.valid_from, new.valid_until))
  execute function insta.carry_hearing();
