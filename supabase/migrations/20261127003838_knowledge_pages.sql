-- Pages of the web that articles were read from: what is needed to ask whether they have changed. An article's
-- source_path is the address of its page; one page may hold several articles, as a file may.

create table public.knowledge_pages (
  url text primary key,
  -- what insta.articles_of_page said when the page was read: while it says the same, an unchanged page needs no reading
  articles text not null,
  -- which version of our reader read it: another may find more
  reader text not null,
  etag text,
  last_modified text,
  -- to go on to from a page that is not sent again
  links text[] not null default '{}'
);
select insta.protect_table('public.knowledge_pages');
grant select, insert, update, delete on public.knowledge_pages to insta_jobs;
create policy jobs_and_owner on public.knowledge_pages to insta_jobs, current_user using (true) with check (true);

create index knowledge_articles_source_path on public.knowledge_articles (source_path);

-- The articles that were read from a page and what they hold, as one value; null when there are none.
create function insta.articles_of_page(page text) returns text
language sql stable
set search_path = pg_catalog, public, pg_temp
as $$
  select md5(string_agg(a.external_id || ' ' || a.content_hash, ',' order by a.external_id))
  from public.knowledge_articles a
  where a.source_path = page and a.source is not null
$$;
select insta.protect_function('insta.articles_of_page(text)');
grant execute on function insta.articles_of_page(text) to insta_jobs;
