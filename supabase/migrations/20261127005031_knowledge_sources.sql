-- Sources on the web that are read again by themselves. An article's source is the address of its source here.

create table public.knowledge_sources (
  url text primary key,
  kind text not null check (kind in ('page', 'sitemap', 'crawl')),
  include text[] not null default '{}',
  exclude text[] not null default '{}',
  depth integer not null check (depth >= 0),
  max_pages integer not null check (max_pages > 0),
  audience text[] not null check (cardinality(audience) > 0),
  -- less than an hour is no help centre's news, and a burden to it
  refresh_every interval not null check (refresh_every >= interval '1 hour'),
  due_at timestamptz not null default now(),
  read_at timestamptz,
  -- what the last ingestion did, or why there was none
  report jsonb,
  trouble text
);
select insta.protect_table('public.knowledge_sources');
grant select, insert, update, delete on public.knowledge_sources to insta_jobs;
create policy jobs_and_owner on public.knowledge_sources to insta_jobs, current_user using (true) with check (true);
