-- name: reserve_call
-- Gives the right to one call, or says what stands against it.
select * from insta.reserve_call(%(user_id)s, %(ttl)s, %(user_calls)s, %(all_calls)s, %(minutes_per_day)s,
                                %(call_minutes)s, %(call_usd)s, %(user_day_usd)s, %(all_day_usd)s);

-- name: note_language
-- Notes the language a call was asked for in; asked again, the last one counts.
update call_reservations set language = %(language)s where call_id = %(call_id)s;

-- name: open_call
-- Turns the reservation of a caller who has joined into a call; a minute's grace for an agent that was slow to come.
select insta.open_call(%(call_id)s, %(user_id)s);

-- name: find_call
-- A call with the number its next turn gets, how long it may be and may still take, what it may cost and has cost, whether
-- it is over, and whether its person may still call.
select c.call_id, c.user_id, c.room_name, coalesce(c.ended_at, c.caller_left_at) is not null as is_over,
       p.disabled,
       extract(epoch from r.allowed)::float8 as allowed_s,
       extract(epoch from c.started_at + r.allowed - clock_timestamp())::float8 as left_s,
       r.allowed_usd, c.cost_usd,
       (select coalesce(max(t.number), 0) + 1 from call_turns t where t.call_id = c.call_id) as next_turn_number
  from calls c join call_reservations r using (call_id) join user_profiles p on p.user_id = c.user_id
 where c.call_id = %(call_id)s and c.user_id = %(user_id)s;

-- name: may_be_held
-- Whether an agent would find this call open or still to be opened, in this room, by a person who may call.
select exists (
  select from call_reservations r join user_profiles p using (user_id) left join calls c using (call_id)
   where r.call_id = %(call_id)s and r.user_id = %(user_id)s and r.room_name = %(room_name)s and not p.disabled
     and coalesce(c.ended_at, c.caller_left_at) is null
     and (c.call_id is not null or r.settled_at is null)
) as held;

-- name: touch_call
-- The agent's heartbeat; no row when the call is closed, its caller has left, or its person is disabled.
update calls c
   set agent_seen_at = now()
  from user_profiles p
 where c.call_id = %(call_id)s and c.user_id = %(user_id)s and c.ended_at is null
   and c.caller_left_at is null and p.user_id = c.user_id and not p.disabled
returning c.call_id;

-- name: note_prompts
-- Notes with which prompts a call is held.
update calls set prompt_version = %(prompt_version)s where call_id = %(call_id)s and user_id = %(user_id)s;

-- name: record_turn
-- Writes a turn under the next number of its call; nothing when it was written before, another took that number at
-- this moment, or its own number would leave a gap.
insert into call_turns (call_id, user_id, number, key, speaker, text, heard, interrupted, sources, timings_ms, mind,
                        kind, unsupported, searches, started_at, ended_at, usage, cost_usd, cost_known)
select %(call_id)s, %(user_id)s, next.number, %(key)s, %(speaker)s, %(text)s, %(heard)s, %(interrupted)s, %(sources)s,
       %(timings_ms)s, %(mind)s, %(kind)s, %(unsupported)s::text[], %(searches)s, %(started_at)s, %(ended_at)s, %(usage)s,
       %(cost_usd)s, %(cost_known)s
  from (select coalesce(max(number), 0) + 1 as number from call_turns where call_id = %(call_id)s) as next
 where %(number)s between 1 and next.number
on conflict do nothing
returning number;

-- name: place_of_turn
-- The number a turn has; null when it is not written yet. And the next number of its call.
select max(number) filter (where key = %(key)s) as number, coalesce(max(number), 0) + 1 as next_number
  from call_turns
 where call_id = %(call_id)s;

-- name: complete_timings
-- Adds to a written turn when it was heard, which may become known after its end; once.
update call_turns
   set timings_ms = timings_ms || %(timings_ms)s
 where call_id = %(call_id)s and key = %(key)s and %(timings_ms)s ? 'heard_ms' and not timings_ms ? 'heard_ms';

-- name: free_line
-- Notes that the caller of a running call has left for good.
update calls
   set caller_left_at = now()
 where call_id = %(call_id)s and user_id = %(user_id)s and ended_at is null and caller_left_at is null;

-- name: close_call
-- Ends a running call; a row only for the one who ended it.
update calls
   set ended_at = now(), end_reason = %(reason)s, usage = %(usage)s, cost_usd = cost_usd + %(cost_usd)s,
       cost_known = cost_known and %(cost_known)s
 where call_id = %(call_id)s and ended_at is null and (%(user_id)s::text is null or user_id = %(user_id)s)
returning call_id;

-- name: let_go_of_reservation
-- Ends the reservation of a call that never opened.
update call_reservations
   set settled_at = now()
 where call_id = %(call_id)s and settled_at is null and (%(user_id)s::text is null or user_id = %(user_id)s);

-- name: calls_missing_agent
-- Running calls whose agent has been silent, and reservations nobody has opened. That includes expired ones for the
-- time a caller may wait in the room, so that they are looked at once more and let go.
select call_id, c.user_id, c.room_name, true as opened,
       extract(epoch from now() - c.agent_seen_at)::float8 as silent_s, r.language
  from calls c join call_reservations r using (call_id)
 where c.ended_at is null and c.agent_seen_at < now() - %(silent_for)s::interval
union all
select call_id, user_id, room_name, false,
       extract(epoch from now() - created_at)::float8, language
  from call_reservations
 where settled_at is null and created_at < now() - %(silent_for)s::interval
 order by silent_s desc;

-- name: claim_dispatch
-- Takes the right to ask for an agent for this call; no row when someone asked a moment ago.
update call_reservations
   set agent_asked_at = now()
 where call_id = %(call_id)s
   and (agent_asked_at is null or agent_asked_at < now() - %(pause)s::interval)
returning call_id;

-- name: release_dispatch
-- Gives back the right to ask for an agent: asking failed.
update call_reservations set agent_asked_at = null where call_id = %(call_id)s;

-- name: let_go_of_reservations
-- Ends reservations that expired long enough ago that no agent can open them any more.
update call_reservations
   set settled_at = now()
 where settled_at is null and expires_at < now() - %(grace)s::interval
returning call_id;

-- name: overdue_calls
-- Running calls that are longer than they may be, or whose agent was last heard of long ago.
select c.call_id, c.room_name
  from calls c join call_reservations r using (call_id)
 where c.ended_at is null
   and (c.started_at + r.allowed < now() - %(grace)s::interval
        or c.agent_seen_at < now() - %(silent_for)s::interval);

-- name: list_calls
-- Calls, newest first, with their summaries; of everyone the role may see, or of one user.
select c.call_id, c.user_id, c.started_at, c.ended_at, c.end_reason, s.summary, s.open_question, s.solved,
       (select count(*) from call_turns t where t.call_id = c.call_id)::int as turns,
       r.solved as rated_solved, r.comment as rated_comment, r.rated_at
  from calls c left join interaction_summaries s using (call_id) left join call_ratings r using (call_id)
 where %(user_id)s::text is null or c.user_id = %(user_id)s
 order by c.started_at desc, c.call_id
 limit %(limit)s;

-- name: get_call
-- One call with its summary.
select c.call_id, c.user_id, c.room_name, c.started_at, c.ended_at, c.end_reason, c.prompt_version, given.language,
       c.usage, c.cost_usd, c.cost_known, s.summary, s.open_question, s.solved, r.solved as rated_solved,
       r.comment as rated_comment, r.rated_at
  from calls c join call_reservations given using (call_id) left join interaction_summaries s using (call_id)
       left join call_ratings r using (call_id)
 where c.call_id = %(call_id)s and (%(user_id)s::text is null or c.user_id = %(user_id)s);

-- name: get_turns
-- The turns of a call in order.
select number, key, speaker, text, heard, interrupted, sources, timings_ms, mind, kind, unsupported, searches,
       started_at, ended_at, usage, cost_usd, cost_known
  from call_turns
 where call_id = %(call_id)s
 order by number;

-- name: tickets_of_call
-- What a call left for a person, newest first.
select ticket_id, call_id, user_id, key, subject, briefing, created_at, delivered_at, delivered_by
  from tickets
 where call_id = %(call_id)s
 order by created_at desc, ticket_id;

-- name: rate_call
-- The caller's word on their own call, in place of an earlier one; no row when there is no such call of theirs.
insert into call_ratings as rating (call_id, user_id, solved, comment)
select call_id, user_id, %(solved)s, %(comment)s from calls where call_id = %(call_id)s and user_id = %(user_id)s
on conflict (call_id) do update set solved = excluded.solved, comment = excluded.comment, rated_at = now()
returning solved, comment, rated_at;

-- name: gaps_job_waits
-- Whether a job will look for the gaps of this call; it does not begin before this transaction ends.
select insta.gaps_job_waits(%(call_id)s) as waits;

-- name: lock_tickets
-- Nobody else opens a ticket of this call until the transaction ends: counting and writing are one step.
select from calls where call_id = %(call_id)s and user_id = %(user_id)s for no key update;

-- name: open_ticket
-- Writes a ticket down; nothing when its key was used before, or the call has left as many as it may.
insert into tickets (user_id, call_id, key, subject, briefing)
select %(user_id)s, %(call_id)s, %(key)s, %(subject)s, %(briefing)s
 where (select count(*) from tickets where call_id = %(call_id)s) < %(most)s
on conflict (user_id, key) do nothing
returning ticket_id, call_id, user_id, key, subject, briefing, created_at, delivered_at, delivered_by;

-- name: ticket_by_key
-- The ticket that a key already made.
select ticket_id, call_id, user_id, key, subject, briefing, created_at, delivered_at, delivered_by
  from tickets
 where user_id = %(user_id)s and key = %(key)s;

-- name: get_ticket
-- One ticket, for whoever delivers it.
select ticket_id, call_id, user_id, key, subject, briefing, created_at, delivered_at, delivered_by
  from tickets
 where ticket_id = %(ticket_id)s;

-- name: list_tickets
-- Tickets, newest first.
select ticket_id, call_id, user_id, key, subject, briefing, created_at, delivered_at, delivered_by
  from tickets
 order by created_at desc, ticket_id
 limit %(limit)s;

-- name: undelivered_tickets
-- Tickets that have not reached the team by every way, oldest first.
select ticket_id, call_id, user_id, key, subject, briefing, created_at, delivered_at, delivered_by
  from tickets
 where delivered_at is null
 order by created_at, ticket_id;

-- name: mark_gone
-- Notes one way by which a ticket has reached the team.
update tickets set delivered_by = delivered_by || %(way)s::text
 where ticket_id = %(ticket_id)s and not %(way)s = any(delivered_by);

-- name: mark_delivered
-- Notes that a ticket has reached the team by every way.
update tickets set delivered_at = coalesce(delivered_at, now()) where ticket_id = %(ticket_id)s;

-- name: upsert_worker
-- A worker's heartbeat.
insert into agent_workers (name, calls, capacity) values (%(name)s, %(calls)s, %(capacity)s)
on conflict (name) do update set calls = excluded.calls, capacity = excluded.capacity, seen_at = now();

-- name: remove_worker
-- A worker that takes no more calls.
delete from agent_workers where name = %(name)s;

-- name: agent_ready
-- Whether a worker was heard of lately.
select exists (select from agent_workers where seen_at > now() - interval '15 seconds') as ready;

-- name: heard_answers
-- How many answers were heard after how long, since the beginning; a row for each bound.
select coalesce(bound, up_to_ms)::float8 as up_to_ms, coalesce(answers, 0) as answers,
       coalesce(waited_ms, 0) as waited_ms
  from unnest(insta.heard_bounds_ms()) as bound full join insta.heard_answers on up_to_ms = bound
 order by 1;

-- name: count_heard
-- Answers that sounded, those of which the caller's ear has told, and those to what was typed.
select count(*)::int as answers, (count(*) filter (where timings_ms ? 'heard_ms'))::int as heard,
       (count(*) filter (where asked.kind = 'typed'))::int as typed
  from call_turns as answer left join lateral (
       select kind from call_turns
        where call_id = answer.call_id and speaker = 'caller' and number < answer.number
        order by number desc limit 1) as asked on true
 where speaker = 'assistant' and timings_ms ? 'first_audio_ms' and started_at > now() - %(within)s::interval;

-- name: parts_of_waiting
-- What the waiting for these answers is made of: the median of each part, and what 95 of 100 do not exceed.
select part.key as name, count(*)::int as answers,
       percentile_cont(0.5) within group (order by part.value::text::float8) as p50_ms,
       percentile_cont(0.95) within group (order by part.value::text::float8) as p95_ms
  from call_turns, jsonb_each(timings_ms) as part
 where speaker = 'assistant' and timings_ms ? 'heard_ms' and started_at > now() - %(within)s::interval
   and jsonb_typeof(part.value) = 'number'
 group by part.key;

-- name: count_unsupported
-- Answers of language models, and those with a sentence that nothing supported. Where nothing was left of an answer the
-- app spoke in its place.
select count(*)::int as answers, (count(*) filter (where unsupported <> '{}'))::int as with_unsupported
  from call_turns
 where speaker = 'assistant' and started_at > now() - %(within)s::interval
   and (mind not in ('', 'app', 'grounded') or unsupported <> '{}');

-- name: newest_unsupported
-- The newest sentences that nothing supported.
select call_id, number, started_at as said_at, sentence
  from call_turns, unnest(unsupported) with ordinality as left_out (sentence, place)
 where started_at > now() - %(within)s::interval
 order by started_at desc, call_id, place
 limit %(limit)s;
