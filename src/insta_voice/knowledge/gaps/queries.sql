-- name: ended_call
-- A call that has ended, with its language and what the caller says of it.
select c.call_id, coalesce(r.language, %(language)s) as language, rating.solved, now() as read_at
  from calls c join call_reservations r using (call_id) left join call_ratings rating using (call_id)
 where c.call_id = %(call_id)s and c.ended_at is not null;

-- name: answers_of_call
-- What was heard of the assistant, in order, with what the articles were asked for it.
select number, kind, searches
  from call_turns
 where call_id = %(call_id)s and speaker = 'assistant' and btrim(heard) <> ''
 order by number;

-- name: lock_gaps
-- One at a time puts questions into groups or closes one, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended('insta.knowledge_gaps', 0));

-- name: keep_call
-- Whoever deletes the call waits; no row when that was done.
select from calls where call_id = %(call_id)s for key share;

-- name: hold_gaps
-- Locks every gap in the order of insta.keep_gaps: one by one as questions come, this and a deletion would each hold a gap
-- that the other waits for.
select from knowledge_gaps order by gap_id for update;

-- name: drop_others
-- Takes out the questions of a call that are not in vain any more, as after a better word of its caller's.
delete from gap_questions q
 where q.call_id = %(call_id)s
   and not exists (select from jsonb_to_recordset(%(places)s::jsonb) as kept(number integer, part integer)
                    where kept.number = q.number and kept.part = q.part);

-- name: note_causes
-- Why a question was in vain; no row when it is in no group yet.
update gap_questions set causes = %(causes)s
 where call_id = %(call_id)s and number = %(number)s and part = %(part)s;

-- name: nearest_gap
-- The group whose centre is nearest to a question, of its language and model. There are hundreds, and a job has time: no
-- index is worth its upkeep.
select gap_id, 1 - (centre <=> %(embedding)s::real[]::vector) as cosine
  from knowledge_gaps
 where language = %(language)s and model = %(model)s
 order by centre <=> %(embedding)s::real[]::vector, gap_id
 limit 1;

-- name: begin_gap
-- A group of one question.
insert into knowledge_gaps (language, model, centre)
values (%(language)s, %(model)s, %(embedding)s::real[]::vector)
returning gap_id;

-- name: put_question
-- Puts a question into a group.
insert into gap_questions (call_id, number, part, gap_id, causes, embedding)
values (%(call_id)s, %(number)s, %(part)s, %(gap_id)s, %(causes)s, %(embedding)s::real[]::vector);

-- name: open_again
-- A closed gap that was asked in vain after it was closed is open again.
update knowledge_gaps g set closed_at = null
  from call_turns t
 where g.gap_id = %(gap_id)s and t.call_id = %(call_id)s and t.number = %(number)s and t.started_at > g.closed_at;

-- name: note_found
-- Notes that a call was looked at, as it was then.
update calls set gaps_found_at = %(read_at)s where call_id = %(call_id)s;

-- name: list_gaps
-- Gaps by weight: each call counts once in a gap, at the time of its last question, and half as much after each half-life.
with asked as (
  select q.gap_id, q.call_id, q.causes, q.embedding, t.started_at as asked_at,
         t.searches -> q.part ->> 'query' as query
    from gap_questions q join call_turns t using (call_id, number)
   where %(gap_id)s::bigint is null or q.gap_id = %(gap_id)s
),
by_call as (
  select gap_id, count(*) as questions, min(asked_at) as first_at, max(asked_at) as last_at
    from asked group by gap_id, call_id
),
counted as (
  select gap_id, count(*) as calls, sum(questions)::bigint as questions, min(first_at) as first_at,
         max(last_at) as last_at,
         sum(0.5 ^ (greatest(extract(epoch from %(now)s - last_at), 0)
                    / extract(epoch from %(half_life)s::interval))::float8) as weight
    from by_call group by gap_id
),
typical as (
  select distinct on (a.gap_id) a.gap_id, a.query as question
    from asked a join knowledge_gaps g using (gap_id)
   order by a.gap_id, a.embedding <=> g.centre, a.asked_at, a.query
),
causes as (
  select gap_id, jsonb_object_agg(cause, calls order by calls desc, cause) as causes
    from (select a.gap_id, cause, count(distinct a.call_id) as calls
            from asked a cross join lateral unnest(a.causes) as cause group by a.gap_id, cause) by_cause
   group by gap_id
)
select g.gap_id, g.language, typical.question, c.calls, c.questions, c.weight, c.first_at, c.last_at, causes.causes,
       case when g.closed_at is not null then 'closed'
            when g.closed_because is not null then 'open again' else 'open' end as state,
       g.closed_at, g.closed_because
  from knowledge_gaps g
       join counted c using (gap_id) join typical using (gap_id) join causes using (gap_id)
 where (%(closed)s or g.closed_at is null)
   and (%(since)s::timestamptz is null or c.last_at >= %(since)s)
 order by c.weight desc, c.last_at desc, g.gap_id
 limit %(limit)s;

-- name: questions_of_gap
-- A gap's questions, the newest first.
select t.searches -> q.part ->> 'question' as question, t.searches -> q.part ->> 'query' as query,
       t.started_at as asked_at, q.call_id, q.causes, (t.searches -> q.part ->> 'confidence')::float8 as confidence
  from gap_questions q join call_turns t using (call_id, number)
 where q.gap_id = %(gap_id)s
 order by t.started_at desc, q.call_id, q.number, q.part;

-- name: open_gaps
-- The gaps that are open.
select gap_id from knowledge_gaps where closed_at is null order by gap_id;

-- name: to_ask_again
-- The questions of an open gap with who asked them, each once: whether one of it was asked back before ("do you mean this
-- or that?"), whether something was sure enough to answer it, what it was answered from, and when it was last asked.
select c.user_id, asked.question, asked.query, asked.was_asked_back, bool_or(asked.answerable) as was_found,
       count(distinct (q.call_id, q.number, q.part)) as times, max(t.started_at) as asked_at,
       coalesce(jsonb_agg(distinct source.told) filter (where source.told is not null), '[]') as sources
  from gap_questions q
       join knowledge_gaps g using (gap_id) join call_turns t using (call_id, number) join calls c using (call_id)
       cross join lateral (
         select s.question, s.query, s.answerable,
                exists (select from call_turns back cross join lateral jsonb_array_elements(back.searches) as of_back
                         where back.call_id = q.call_id and back.number < q.number and back.kind = 'clarify'
                           and of_back ->> 'question' = s.question) as was_asked_back
           from jsonb_to_record(t.searches -> q.part) as s(question text, query text, answerable boolean)
       ) as asked
       left join lateral jsonb_array_elements(t.sources) as source(told) on true
 where q.gap_id = %(gap_id)s and g.closed_at is null
 group by 1, 2, 3, 4
 order by min(t.started_at), 3, 1;

-- name: titled
-- Which of these articles have this title, or had it.
select distinct article_id::text as article_id from article_versions
 where article_id = any(%(article_ids)s::uuid[]) and document ->> 'title' = %(title)s;

-- name: written_since
-- A row when this version of an article was written after a question was asked.
select from article_versions
 where article_id = %(article_id)s::uuid and version = %(version)s and written_at > %(asked_at)s;

-- name: close_gap
-- Closes a gap; with `questions`, only while it has no more than were asked again.
update knowledge_gaps g set closed_at = now(), closed_because = %(reason)s
 where g.gap_id = %(gap_id)s
   and (%(questions)s::bigint is null
        or %(questions)s = (select count(*) from gap_questions q where q.gap_id = g.gap_id));
