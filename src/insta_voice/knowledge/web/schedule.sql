-- name: list_sources
-- Every source that is read again by itself, with what its last reading did and how far the present one is.
select *, claimed_at is not null and due_at > now() as is_being_read from public.knowledge_sources order by url

-- name: claim_source
-- Takes a source for a reading that begins now: it is due again after a pause, should nobody say meanwhile that the
-- reading goes on.
update public.knowledge_sources
set claimed_at = clock_timestamp(), due_at = now() + %(pause)s, pages_done = null, pages_total = null
where url = %(url)s
returning *, true as is_being_read

-- name: claim_due_source
-- Takes the source that has been due for the longest time, as claim_source.
update public.knowledge_sources
set claimed_at = clock_timestamp(), due_at = now() + %(pause)s, pages_done = null, pages_total = null
where url = (
  select url from public.knowledge_sources where due_at <= now() order by due_at, url limit 1 for update skip locked
)
returning *, true as is_being_read

-- name: keep_claim
-- Says that a reading goes on, and how far it is, unless the source was changed or claimed again meanwhile.
update public.knowledge_sources
set due_at = now() + %(pause)s, pages_done = %(done)s, pages_total = %(total)s
where url = %(url)s and claimed_at = %(claimed)s

-- name: hold_claim
-- Finds the source for as long as it is claimed by this reading; whoever would change or remove it waits for the
-- transaction's end.
select url from public.knowledge_sources where url = %(url)s and claimed_at = %(claimed)s for share

-- name: put_source
-- Adds a source, due at once, or changes how it is read. One that is being read goes on where only its time is changed.
insert into public.knowledge_sources as s
  (url, kind, include, exclude, depth, max_pages, audience, refresh_every)
values (%(url)s, %(kind)s, %(include)s::text[], %(exclude)s::text[], %(depth)s, %(max_pages)s, %(audience)s::text[],
  %(refresh_every)s)
on conflict (url) do update set kind = excluded.kind, include = excluded.include, exclude = excluded.exclude,
  depth = excluded.depth, max_pages = excluded.max_pages, audience = excluded.audience,
  refresh_every = excluded.refresh_every,
  (due_at, claimed_at) = (
    select case when s.claimed_at is not null and same then s.due_at else now() end,
      case when same then s.claimed_at end
    from (
      select (s.kind, s.include, s.exclude, s.depth, s.max_pages, s.audience) is not distinct from
        (excluded.kind, excluded.include, excluded.exclude, excluded.depth, excluded.max_pages, excluded.audience)
        as same
    ) options
  )

-- name: remove_source
-- Takes a source off the list.
delete from public.knowledge_sources where url = %(url)s

-- name: note_report
-- Notes what a reading did, and when the next is due, unless the source was changed or claimed again meanwhile.
update public.knowledge_sources
set report = %(report)s::jsonb, trouble = null, read_at = now(),
  due_at = case when claimed_at = %(claimed)s then now() + refresh_every else due_at end,
  claimed_at = nullif(claimed_at, %(claimed)s)
where url = %(url)s

-- name: note_trouble
-- Notes why there was no reading, and when to try again, unless the source was changed or claimed again meanwhile.
update public.knowledge_sources
set trouble = %(trouble)s, due_at = case when claimed_at = %(claimed)s then now() + %(pause)s else due_at end,
  claimed_at = nullif(claimed_at, %(claimed)s)
where url = %(url)s
