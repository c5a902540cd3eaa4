-- Minutes stay spent for the day they count in, also when a call, or everything about its person, is deleted: or else
-- whoever deletes a call has another hour. Kept under a hash, without what was said, for 24 hours.

create table insta.spent_minutes (
  key text not null,  -- sha256 of the uid, as insta.rate_limits keeps it
  started_at timestamptz not null,
  over_at timestamptz not null
);
create index spent_minutes_by_key on insta.spent_minutes (key);
select insta.protect_table('insta.spent_minutes');
create policy spent_minutes_owner on insta.spent_minutes to current_user using (true) with check (true);
create policy spent_minutes_service on insta.spent_minutes to insta_jobs using (true);
grant select, delete on insta.spent_minutes to insta_jobs;

create function insta.spent_key(p_user_id text) returns text
language sql immutable parallel safe
as $$ select encode(sha256(convert_to('spent:' || p_user_id, 'UTF8')), 'hex') $$;
select insta.protect_function('insta.spent_key(text)');
grant execute on function insta.spent_key(text) to insta_jobs;

-- However a call goes: by itself, with its person, or for its age. Nobody calls it: deleting does.
create function insta.keep_spent_minutes() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into insta.spent_minutes (key, started_at, over_at)
  select insta.spent_key(old.user_id), old.started_at, spent.over_at
    from (select coalesce(old.caller_left_at, old.ended_at, clock_timestamp()) as over_at) spent
   where spent.over_at > clock_timestamp() - interval '24 hours';
  return old;
end
$$;
select insta.protect_function('insta.keep_spent_minutes()');
create trigger keep_spent_minutes before delete on public.calls
  for each row execute function insta.keep_spent_minutes();

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
