-- name: wrong_postings
-- Postings that say of who hears them, or of their text's length, what their article does not.
select term from chunk_terms t
join knowledge_chunks c on c.id = t.chunk_id join knowledge_articles a on a.id = c.article_id
join knowledge_hearings h on h.id = t.hearing
where t.length <> c.length or (h.status, h.audience, h.valid_from, h.valid_until)
  is distinct from (a.status, a.audience, a.valid_from, a.valid_until)
union all
select term from title_terms t
join knowledge_articles a on a.id = t.article_id join knowledge_hearings h on h.id = t.hearing
where t.length <> a.title_length or (h.status, h.audience, h.valid_from, h.valid_until)
  is distinct from (a.status, a.audience, a.valid_from, a.valid_until)

-- name: lie
-- Postings said to be heard by everyone.
insert into chunk_terms (term, chunk_id, frequency, length, hearing)
select 'lie', c.id, 1, 1, insta.hearing_of('published', '{everyone}', null, null) from knowledge_chunks c

-- name: add_word
-- As the version before this table had a hearing writes it.
insert into chunk_terms (term, chunk_id, frequency) select 'lamp', id, 1 from knowledge_chunks

-- name: add_title_word
-- The same of a title.
insert into title_terms (term, article_id, frequency) select 'lamp', id, 1 from knowledge_articles

-- name: search_by_words
-- As it is searched while no model answers.
select * from insta.search_knowledge(%(words)s::text, null, null, %(audiences)s::text[], 10, 3)

-- name: article
-- One of a chunk, for staff or for everyone.
with article as (
  insert into knowledge_articles (external_id, title, title_length, content, content_hash, audience)
  values (%(name)s, %(name)s, 1, '-', '-', array[%(audience)s::text]) returning id
),
chunk as (
  insert into knowledge_chunks (article_id, ordinal, text, length) select id, 0, %(text)s::text, 3 from article
  returning id
),
title as (
  insert into title_terms (term, article_id, frequency) select l.term, id, l.frequency
  from article cross join lateral insta.lexemes(%(name)s) l
)
insert into chunk_terms (term, chunk_id, frequency)
select l.term, id, l.frequency from chunk cross join lateral insta.lexemes(%(text)s) l
