-- name: find_call
-- A call of this user, locked: where it is held, and whether somebody may still be in it.
select room_name, ended_at is null as running
  from calls
 where call_id = %(call_id)s and user_id = %(user_id)s
   for update;

-- name: delete_call
-- Deletes a call by the right it came from; turns, summary, rating and tickets go along.
delete from call_reservations where call_id = %(call_id)s and user_id = %(user_id)s;

-- name: lock_people
-- Keeps sign-ins and imports away until the transaction ends.
select insta.lock_known_people();

-- name: lock_out
-- Closes the account of whoever is erased, so that nothing new is written.
update user_profiles set disabled = true where user_id = %(user_id)s;

-- name: find_profile
-- A row when somebody has signed in with this uid.
select from user_profiles where user_id = %(user_id)s;

-- name: forget_known_person
-- Deletes what the company said of the addresses that this user has shown to be theirs.
delete from known_people known
 using user_profiles profile
 where profile.user_id = %(user_id)s
   and (known.email = profile.known_as or profile.email_verified and known.email = insta.email_key(profile.email));

-- name: find_address
-- Everyone who has signed in with this address, verified or not, and whoever is known by it.
select user_id from user_profiles
 where insta.email_key(email) = insta.email_key(%(email)s) or known_as = insta.email_key(%(email)s)
 order by user_id;

-- name: forget_address
-- Deletes what the company said of an address.
delete from known_people where email = insta.email_key(%(email)s);

-- name: note_erasure
-- Writes down that someone who never signed in was erased.
insert into erasures (requested_by, finished_at) values ('operator', now());

-- name: request_erasure
-- Writes an erasure down; the same row for one that is under way.
insert into erasures as erasure (user_id, requested_by) values (%(user_id)s, %(requested_by)s)
on conflict (user_id) do update set requested_by = erasure.requested_by
returning erasure_id;

-- name: open_rooms
-- Rooms this user may be in, or may still join.
select room_name from calls where user_id = %(user_id)s and ended_at is null
union
select room_name from call_reservations where user_id = %(user_id)s and settled_at is null;

-- name: lock_erasure
-- Lets one do a step of an erasure at a time.
select from erasures where erasure_id = %(erasure_id)s for update;

-- name: delete_some_calls
-- Deletes some of the rights to a call of whoever is erased, the oldest, with their calls; counts both.
with gone as (
  delete from call_reservations
   where call_id in (
           select r.call_id from call_reservations r join erasures e using (user_id)
            where e.erasure_id = %(erasure_id)s
            order by r.created_at
            limit %(limit)s)
  returning call_id
)
select count(*) as rights, count(c.call_id) as calls from gone left join calls c using (call_id);

-- name: count_erased
-- Counts the calls that were deleted.
update erasures set calls = calls + %(calls)s where erasure_id = %(erasure_id)s;

-- name: delete_profile
-- Deletes the profile of whoever is erased, and with it all that hangs on it.
delete from user_profiles
 where user_id = (select user_id from erasures where erasure_id = %(erasure_id)s);

-- name: finish_erasure
-- Forgets who was erased.
update erasures set user_id = null, finished_at = now() where erasure_id = %(erasure_id)s and finished_at is null;

-- name: delete_old_calls
-- Deletes some of the calls that ended, and of the rights that expired without one, before a time.
delete from call_reservations
 where call_id in (
         (select call_id from calls where ended_at < %(before)s)
         union all
         (select r.call_id from call_reservations r
           where r.expires_at < %(before)s and not exists (select from calls c where c.call_id = r.call_id))
         limit %(limit)s);

-- name: delete_old_summaries
-- Deletes what was saved outside a call before a time.
delete from interaction_summaries where call_id is null and updated_at < %(before)s;

-- name: delete_spent_minutes
-- Forgets minutes of deleted calls once they count in no day any more.
delete from insta.spent_minutes where over_at < %(now)s - interval '24 hours';

-- name: export_profile
-- The profile.
select user_id, email, email_verified, name, plan, role, disabled, known_as, created_at, last_seen_at, account_facts
  from user_profiles
 where user_id = %(user_id)s;

-- name: export_known_person
-- What the company said of the addresses that are this user's.
select known.email, known.name, known.plan, known.role, known.account_facts, known.disabled, known.created_at,
       known.updated_at
  from known_people known
       join user_profiles profile
         on known.email = profile.known_as or profile.email_verified and known.email = insta.email_key(profile.email)
 where profile.user_id = %(user_id)s
 order by known.email;

-- name: export_calls
-- The calls, oldest first, with what was made of them and said of them.
select c.call_id, c.room_name, c.started_at, c.ended_at, c.end_reason, c.caller_left_at, c.agent_seen_at,
       c.gaps_found_at, c.prompt_version, r.language, r.created_at as reserved_at, r.given_at, r.expires_at, r.settled_at, r.agent_asked_at,
       extract(epoch from r.allowed)::float8 as allowed_s,
       s.summary, s.topics, s.open_question, s.solved, s.created_at as summarized_at, s.updated_at as summary_updated_at,
       rating.solved as rated_solved, rating.comment as rated_comment, rating.rated_at
  from calls c join call_reservations r using (call_id)
       left join interaction_summaries s using (call_id)
       left join call_ratings rating using (call_id)
 where c.user_id = %(user_id)s
 order by c.started_at, c.call_id;

-- name: export_turns
-- All that was said, in order, and which of its questions count as asked in vain.
select call_id, number, key, speaker, text, heard, interrupted, sources, timings_ms, mind, kind, unsupported, searches,
       (select coalesce(jsonb_agg(jsonb_build_object('part', q.part, 'causes', q.causes) order by q.part), '[]')
          from gap_questions q where q.call_id = t.call_id and q.number = t.number) as in_vain,
       started_at, ended_at, recorded_at
  from call_turns t
 where user_id = %(user_id)s
 order by call_id, number;

-- name: export_tickets
-- What was left for a person.
select call_id, ticket_id, key, subject, briefing, case when delivered_at is null then 'open' else 'delivered' end as status,
       created_at, delivered_at, delivered_by
  from tickets
 where user_id = %(user_id)s
 order by created_at, ticket_id;

-- name: export_summaries
-- What was remembered outside a call.
select summary, topics, open_question, solved, created_at, updated_at
  from interaction_summaries
 where user_id = %(user_id)s and call_id is null
 order by created_at, summary_id;

-- name: export_reservations
-- Rights to a call that nobody joined with.
select r.call_id, r.room_name, r.created_at, r.given_at, r.expires_at, r.settled_at, r.agent_asked_at, r.language,
       extract(epoch from r.allowed)::float8 as allowed_s
  from call_reservations r
 where r.user_id = %(user_id)s and not exists (select from calls c where c.call_id = r.call_id)
 order by r.created_at, r.call_id;
