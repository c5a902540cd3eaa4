-- name: known_page
-- By what a server knows whether this page has changed, and its links; only while its articles are what was read then.
select p.etag, p.last_modified, p.links
from public.knowledge_pages p
where p.url = %(url)s and p.reader = %(reader)s and p.articles = insta.articles_of_page(%(url)s)

-- name: articles_of_page
-- The articles that were last read from this page.
select a.external_id from public.knowledge_articles a
where a.source_path = %(url)s and a.source is not null

-- name: pages_of_source
-- The pages that a source's articles were read from.
select distinct a.source_path as url from public.knowledge_articles a
where a.source = %(source)s and a.source_path is not null order by url

-- name: put_page
-- Notes what was read of a page, when its articles are stored.
insert into public.knowledge_pages (url, articles, reader, etag, last_modified, links)
select %(url)s, insta.articles_of_page(%(url)s), %(reader)s, %(etag)s, %(last_modified)s, %(links)s::text[]
where insta.articles_of_page(%(url)s) is not null
on conflict (url) do update set articles = excluded.articles, reader = excluded.reader, etag = excluded.etag,
  last_modified = excluded.last_modified, links = excluded.links

-- name: remove_others_of_page
-- Removes the articles that were read from a page and are no longer on it.
delete from public.knowledge_articles a
where a.source_path = %(url)s and a.source is not null and not a.external_id = any(%(present)s::text[])

-- name: leave_page
-- Removes the articles that were read from a page, but for the one that it says it is.
with page as (delete from public.knowledge_pages where url = %(url)s)
delete from public.knowledge_articles a
where a.source_path = %(url)s and a.source is not null and a.external_id <> %(article)s

-- name: remove_pages
-- Removes the articles that were read from these pages; how many.
with pages as (delete from public.knowledge_pages where url = any(%(urls)s::text[]))
delete from public.knowledge_articles a where a.source_path = any(%(urls)s::text[]) and a.source is not null
