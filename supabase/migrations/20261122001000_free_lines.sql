-- A line is free when its caller has left, not when the call's record is closed a moment later; and a right that nobody
-- joins with keeps no place of a worker.

alter table public.calls
  add column caller_left_at timestamptz;  -- hung up: what is left is to write the end down
alter table public.call_reservations
  add column given_at timestamptz not null default now();  -- for the last time: an unused right is given again

-- From being asked for a call to being in it takes a browser a second or two, and a slow one much longer.
create function insta.place_kept_for() returns interval
language sql immutable parallel safe
as $$ select interval '30 seconds' $$;
select insta.protect_function('insta.place_kept_for()');
grant execute on function insta.place_kept_for() to insta_jobs;

-- Gives the right to one call, or says what stands against it. `outcome`: reserved, no_profile, disabled,
-- out_of_minutes, user_busy, at_capacity; `retry_after_s` with the last three.
create or replace function insta.reserve_call(
  p_user_id text, p_ttl interval, p_user_calls integer, p_all_calls integer, p_minutes_per_day integer,
  p_call_minutes integer
)
returns table (
  outcome text, call_id uuid, room_name text, expires_at timestamptz, reused boolean, retry_after_s double precision
)
language plpgsql
set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  profile record;
  spent record;
  waiting record;
  others record;
  places integer;
  left_today interval;
  now_utc timestamptz;
begin
  perform insta.lock_reservations();
  now_utc := clock_timestamp();  -- now() is from before the wait for the lock

  select disabled into profile from user_profiles where user_id = p_user_id;
  if not found then
    return query select 'no_profile', null::uuid, null, null::timestamptz, false, null::double precision;
    return;
  elsif profile.disabled then
    return query select 'disabled', null::uuid, null, null::timestamptz, false, null::double precision;
    return;
  end if;

  if p_user_calls <= (select count(*) from calls
                        where user_id = p_user_id and ended_at is null and caller_left_at is null) then
    return query select 'user_busy', null::uuid, null, null::timestamptz, false, 5::double precision;
    return;
  end if;

  -- `held` is what running calls may still take: a call beside them must not be promised the same minutes.
  select coalesce(sum(coalesce(c.over_at, now_utc) - greatest(c.started_at, now_utc - interval '24 hours')),
                  interval '0') as used,
         coalesce(sum(greatest(c.started_at + r.allowed - now_utc, interval '0')) filter (where c.over_at is null),
                  interval '0') as held,
         extract(epoch from min(coalesce(c.over_at, now_utc)) + interval '24 hours' - now_utc) as until_one_is_free
    into spent
    from (select call_id, user_id, started_at, coalesce(caller_left_at, ended_at) as over_at from calls) c
         join call_reservations r using (call_id)
   where c.user_id = p_user_id and coalesce(c.over_at, now_utc) > now_utc - interval '24 hours';
  left_today := make_interval(mins => p_minutes_per_day) - spent.used;
  if left_today < interval '30 seconds' then  -- a call of less is a greeting and a goodbye
    return query select 'out_of_minutes', null::uuid, null, null::timestamptz, false,
                        greatest(spent.until_one_is_free, 60)::double precision;
    return;
  elsif left_today - spent.held < interval '30 seconds' then
    return query select 'user_busy', null::uuid, null, null::timestamptz, false, 5::double precision;
    return;
  end if;
  left_today := least(left_today - spent.held, make_interval(mins => p_call_minutes));

  -- The setting bounds calls and all rights that can still become one. Of the living workers' places, which a small
  -- installation has few of, a right keeps one only for as long as its person is on the way: who asked and never
  -- joined keeps nobody out. While no worker is heard of, as at a start, it is the setting alone.
  select count(*) as rights, count(*) filter (where given_at > now_utc - insta.place_kept_for()) as on_the_way
    into others
    from call_reservations
   where user_id <> p_user_id and settled_at is null and expires_at > now_utc - insta.reservation_grace();
  select sum(capacity) into places from agent_workers where seen_at > now_utc - interval '15 seconds';
  if least(p_all_calls - others.rights, places - others.on_the_way)
       <= (select count(*) from calls where ended_at is null) then
    return query select 'at_capacity', null::uuid, null, null::timestamptz, false, 15::double precision;
    return;
  end if;

  -- The unused right is used again: a person who presses twice has one room, not two.
  update call_reservations r
     set expires_at = now_utc + p_ttl, allowed = left_today, given_at = now_utc
   where r.call_id = (
           select w.call_id from call_reservations w
            where w.user_id = p_user_id and w.settled_at is null
              and w.expires_at > now_utc - insta.reservation_grace()
            order by w.created_at desc limit 1)
     and r.settled_at is null and r.expires_at > now_utc - insta.reservation_grace()
  returning r.call_id, r.room_name, r.expires_at into waiting;
  if found then
    return query select 'reserved', waiting.call_id, waiting.room_name, waiting.expires_at, true,
                        null::double precision;
    return;
  end if;

  return query
    insert into call_reservations as r (user_id, room_name, expires_at, allowed, given_at)
    values (p_user_id, 'call-' || replace(gen_random_uuid()::text, '-', ''), now_utc + p_ttl, left_today, now_utc)
    returning 'reserved', r.call_id, r.room_name, r.expires_at, false, null::double precision;
end
$$;
