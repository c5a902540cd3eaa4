-- name: next_version
-- The article of either id, or what it was before it went, with the number of its next version; a new one where none is.
with known as materialized (
  select id as article_id, version from public.knowledge_articles
  where id = %(article_id)s::uuid or external_id = %(external_id)s
  union all
  select article_id, version from public.article_versions
  where article_id = %(article_id)s::uuid or external_id = %(external_id)s
),
named as materialized (
  select coalesce((select article_id from known limit 1), gen_random_uuid()) as article_id,
    (select coalesce(max(version), 0) + 1 from known) as number
)
select n.article_id, n.number, a.version as published
from named n left join public.knowledge_articles a on a.id = n.article_id

-- name: put_article
-- Creates an article or replaces what it says. What is not read from a file leaves what is known of its file.
insert into public.knowledge_articles as a
  (id, version, external_id, source, source_path, title, title_length, url, language, audience, labels, product,
   valid_from, valid_until, content, content_hash, read_hash, file_hash, updated_at)
values (%(article_id)s, %(version)s, %(external_id)s, %(source)s, %(source_path)s, %(title)s,
  (select coalesce(sum(l.frequency), 0) from insta.lexemes(%(title)s) l),
  %(url)s, %(language)s, %(audience)s::text[], %(labels)s::text[], %(product)s, %(valid_from)s, %(valid_until)s,
  %(content)s, %(content_hash)s, %(read_hash)s, %(file_hash)s, coalesce(%(updated_at)s::timestamptz, now()))
on conflict (id) do update set
  version = excluded.version,
  source = case when excluded.read_hash is null then a.source else excluded.source end,
  source_path = case when excluded.read_hash is null then a.source_path else excluded.source_path end,
  file_hash = case when excluded.read_hash is null then a.file_hash else excluded.file_hash end,
  read_hash = coalesce(excluded.read_hash, a.read_hash),
  title = excluded.title, title_length = excluded.title_length, url = excluded.url, language = excluded.language,
  audience = excluded.audience, labels = excluded.labels, product = excluded.product,
  valid_from = excluded.valid_from, valid_until = excluded.valid_until,
  content = excluded.content, content_hash = excluded.content_hash, updated_at = excluded.updated_at,
  status = 'published'

-- name: put_version
-- Writes a version down, for good.
insert into public.article_versions (article_id, version, external_id, document, reason, made_from, written_by)
values (%(article_id)s, %(version)s, %(external_id)s, %(document)s::jsonb, %(reason)s, %(made_from)s, %(written_by)s)

-- name: list_versions
-- Every version of an article, the newest first, with the version that is published now and the one that waits.
select v.article_id, v.external_id, v.version, v.document ->> 'title' as title, v.reason, v.made_from, v.written_by,
  v.written_at, a.version as published, d.version as draft,
  (v.document ->> 'valid_from')::date as valid_from, (v.document ->> 'valid_until')::date as valid_until
from public.article_versions v
left join public.knowledge_articles a on a.id = v.article_id
left join public.article_drafts d on d.article_id = v.article_id
where v.external_id = %(external_id)s or v.article_id = %(article_id)s::uuid
order by v.version desc

-- name: read_version
-- One version with its text: the one asked for, else what is published, else the draft, else what was there last.
select v.article_id, v.external_id, v.version, v.document ->> 'title' as title, v.reason, v.made_from, v.written_by,
  v.written_at, a.version as published, d.version as draft,
  (v.document ->> 'valid_from')::date as valid_from, (v.document ->> 'valid_until')::date as valid_until, v.document
from public.article_versions v
left join public.knowledge_articles a on a.id = v.article_id
left join public.article_drafts d on d.article_id = v.article_id
where (v.external_id = %(external_id)s or v.article_id = %(article_id)s::uuid)
  and v.version = coalesce(%(version)s, a.version, d.version, v.version)
order by v.version desc limit 1

-- name: list_drafts
-- Every draft that waits, the newest first.
select v.article_id, v.external_id, v.version, v.document ->> 'title' as title, v.reason, v.made_from, v.written_by,
  v.written_at, a.version as published, d.version as draft,
  (v.document ->> 'valid_from')::date as valid_from, (v.document ->> 'valid_until')::date as valid_until
from public.article_drafts d
join public.article_versions v on v.article_id = d.article_id and v.version = d.version
left join public.knowledge_articles a on a.id = d.article_id
order by v.written_at desc, v.article_id

-- name: put_draft
-- Has this version wait to be published; the draft before it only stays in the history.
insert into public.article_drafts (article_id, version) values (%(article_id)s, %(version)s)
on conflict (article_id) do update set version = excluded.version

-- name: drop_draft
-- Has no draft of this article wait any more.
delete from public.article_drafts where article_id = %(article_id)s
