-- A right that nobody joins with keeps a line of the installation no longer than a place of a worker: or else twenty
-- accounts that ask and never join keep everybody out for as long as their rights last. Who comes later finds a line
-- free, or no call: LIMIT_CONCURRENT_CALLS is asked again when the right becomes a call.

alter table public.call_reservations
  add column all_calls integer;  -- the setting when the right was given; null for those given before it was kept

-- Running calls, and rights of others whose people are on the way. Counted from the first time a right was given: asking
-- again does not keep its place for ever.
create function insta.lines_taken(p_user_id text) returns bigint
language sql stable security definer set search_path = ''
as $$
  select (select count(*) from public.calls where ended_at is null)
         + (select count(*) from public.call_reservations
             where user_id <> p_user_id and settled_at is null
               and created_at > clock_timestamp() - insta.place_kept_for()
               and expires_at > clock_timestamp() - insta.reservation_grace())
$$;
select insta.protect_function('insta.lines_taken(text)');
grant execute on function insta.lines_taken(text) to insta_app, insta_jobs;
grant execute on function insta.place_kept_for() to insta_app;

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
         coalesce(sum(greatest(c.started_at + c.allowed - now_utc, interval '0')) filter (where c.over_at is null),
                  interval '0') as held,
         extract(epoch from min(coalesce(c.over_at, now_utc)) + interval '24 hours' - now_utc) as until_one_is_free
    into spent
    from (select ours.started_at, coalesce(ours.caller_left_at, ours.ended_at) as over_at, r.allowed
            from calls ours join call_reservations r using (call_id)
           where ours.user_id = p_user_id
          union all
          select started_at, over_at, interval '0' from insta.spent_minutes
           where key = insta.spent_key(p_user_id)) c
   where coalesce(c.over_at, now_utc) > now_utc - interval '24 hours';
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

  -- Of the lines, and of the living workers' places, which a small installation has few of, a right keeps one only for
  -- as long as its person is on the way. While no worker is heard of, as at a start, it is the setting alone.
  select sum(capacity) into places from agent_workers where seen_at > now_utc - interval '15 seconds';
  if least(p_all_calls, places) <= insta.lines_taken(p_user_id) then
    return query select 'at_capacity', null::uuid, null, null::timestamptz, false, 15::double precision;
    return;
  end if;

  -- The unused right is used again: a person who presses twice has one room, not two.
  update call_reservations r
     set expires_at = now_utc + p_ttl, allowed = left_today, given_at = now_utc, all_calls = p_all_calls
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
    insert into call_reservations as r (user_id, room_name, expires_at, allowed, given_at, all_calls)
    values (p_user_id, 'call-' || replace(gen_random_uuid()::text, '-', ''), now_utc + p_ttl, left_today, now_utc,
            p_all_calls)
    returning 'reserved', r.call_id, r.room_name, r.expires_at, false, null::double precision;
end
$$;

-- Opens the call of a right that is still good. One whose place was kept finds it; a later one has to find a line free.
create or replace function insta.open_call(p_call_id uuid, p_user_id text) returns void
language plpgsql
set search_path = public, pg_temp
as $$
begin
  if not exists (select from call_reservations r
                  where r.call_id = p_call_id and r.user_id = p_user_id and r.settled_at is null) then
    return;
  end if;
  perform insta.lock_reservations();
  with settled as (
    update call_reservations r
       set settled_at = clock_timestamp()
     where r.call_id = p_call_id and r.user_id = p_user_id
       and r.settled_at is null and r.expires_at > clock_timestamp() - insta.reservation_grace()
       and (r.created_at > clock_timestamp() - insta.place_kept_for()
            or r.all_calls is null or r.all_calls > insta.lines_taken(p_user_id))
    returning r.call_id, r.user_id, r.room_name
  )
  insert into calls (call_id, user_id, room_name)
  select call_id, user_id, room_name from settled
  on conflict do nothing;
end
$$;
