-- The record of a call: the right to make it, the call, its turns, what was left for a person; and who answers.

create table public.call_reservations (
  call_id uuid primary key default gen_random_uuid(),
  user_id text not null references public.user_profiles (user_id) on delete cascade,
  room_name text not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,  -- with the join token
  settled_at timestamptz,           -- became a call, or was let go
  agent_asked_at timestamptz,       -- when a missing agent was last asked for
  allowed interval not null,        -- the longest its call may be
  unique (call_id, user_id)
);
create index call_reservations_waiting on public.call_reservations (user_id) where settled_at is null;
select insta.protect_table('public.call_reservations');

create table public.calls (
  call_id uuid primary key,
  user_id text not null,
  room_name text not null unique,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  end_reason text,
  agent_seen_at timestamptz not null default now(),
  unique (call_id, user_id),
  foreign key (call_id, user_id) references public.call_reservations (call_id, user_id) on delete cascade,
  check ((ended_at is null) = (end_reason is null))
);
create index calls_by_user on public.calls (user_id, started_at desc);
create index calls_open on public.calls (agent_seen_at) where ended_at is null;
select insta.protect_table('public.calls');

create table public.call_turns (
  call_id uuid not null,
  number integer not null check (number > 0),
  user_id text not null,
  speaker text not null check (speaker in ('caller', 'assistant', 'staff')),
  text text not null,
  heard text not null,
  interrupted boolean not null default false,
  sources jsonb not null default '[]' check (jsonb_typeof(sources) = 'array'),
  timings_ms jsonb not null default '{}' check (jsonb_typeof(timings_ms) = 'object'),
  mind text not null default '',
  kind text not null default '',
  started_at timestamptz not null,
  ended_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  primary key (call_id, number),
  foreign key (call_id, user_id) references public.calls (call_id, user_id) on delete cascade
);
select insta.protect_table('public.call_turns');

create table public.tickets (
  ticket_id uuid primary key default gen_random_uuid(),
  user_id text not null,
  call_id uuid not null,
  key text not null,  -- the same wish said twice is one ticket
  subject text not null,
  briefing text not null,
  created_at timestamptz not null default now(),
  delivered_at timestamptz,
  unique (user_id, key),
  foreign key (call_id, user_id) references public.calls (call_id, user_id) on delete cascade
);
select insta.protect_table('public.tickets');

alter table public.interaction_summaries
  add foreign key (call_id, user_id) references public.calls (call_id, user_id) on delete cascade;

do $$
declare
  personal text;
begin
  foreach personal in array array['call_reservations', 'calls', 'call_turns', 'tickets'] loop
    execute format(
      'create policy own_rows on public.%I to insta_app
         using (user_id = (select insta.current_user_id()))
         with check (user_id = (select insta.current_user_id()))', personal);
    execute format('create policy all_rows on public.%I to insta_jobs using (true) with check (true)', personal);
    execute format('grant select, insert, update, delete on public.%I to insta_jobs', personal);
  end loop;
end
$$;
-- A person's own work touches nothing that counts against them, and never takes back what was said.
grant select, update (settled_at) on public.call_reservations to insta_app;
grant select, insert (call_id, user_id, room_name), update (agent_seen_at) on public.calls to insta_app;
grant select, insert on public.call_turns to insta_app;
grant select, insert (user_id, call_id, key, subject, briefing) on public.tickets to insta_app;

-- Who answers calls, written by the workers themselves. Nothing personal.
create table public.agent_workers (
  name text primary key,
  calls integer not null check (calls >= 0),
  capacity integer not null check (capacity >= 0),
  seen_at timestamptz not null default now()
);
select insta.protect_table('public.agent_workers');
create policy workers on public.agent_workers to insta_jobs using (true) with check (true);
grant select, insert, update, delete on public.agent_workers to insta_jobs;

-- The right to a call changes hands under one lock for the installation, held for a few milliseconds: counting and
-- taking are one step.
create function insta.lock_reservations() returns void
language sql
as $$ select pg_advisory_xact_lock(hashtextextended('insta.reserve_call', 0)) $$;

-- How long after its end a right can still be used: an agent may be slow to come to a caller who is in the room.
create function insta.reservation_grace() returns interval
language sql immutable parallel safe
as $$ select interval '1 minute' $$;

-- Gives the right to one call, or says what stands against it. `outcome`: reserved, no_profile, disabled,
-- out_of_minutes, user_busy, at_capacity; `retry_after_s` with the last three.
create function insta.reserve_call(
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

  if p_user_calls <= (select count(*) from calls where user_id = p_user_id and ended_at is null) then
    return query select 'user_busy', null::uuid, null, null::timestamptz, false, 5::double precision;
    return;
  end if;

  -- `held` is what running calls may still take: a call beside them must not be promised the same minutes.
  select coalesce(sum(coalesce(c.ended_at, now_utc) - greatest(c.started_at, now_utc - interval '24 hours')),
                  interval '0') as used,
         coalesce(sum(greatest(c.started_at + r.allowed - now_utc, interval '0')) filter (where c.ended_at is null),
                  interval '0') as held,
         extract(epoch from min(coalesce(c.ended_at, now_utc)) + interval '24 hours' - now_utc) as until_one_is_free
    into spent
    from calls c join call_reservations r using (call_id)
   where c.user_id = p_user_id and coalesce(c.ended_at, now_utc) > now_utc - interval '24 hours';
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

  -- The unused right is used again: a person who presses twice has one room, not two.
  update call_reservations r
     set expires_at = now_utc + p_ttl, allowed = left_today
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

  -- No more than the living workers hold: the next caller would wait in a room nobody comes to. While none is heard
  -- of, as at a start, it is the setting alone.
  select least(p_all_calls, sum(capacity)) into places
    from agent_workers where seen_at > now_utc - interval '15 seconds';
  if places <= (select count(*) from calls where ended_at is null)
             + (select count(*) from call_reservations
                 where settled_at is null and expires_at > now_utc - insta.reservation_grace()) then
    return query select 'at_capacity', null::uuid, null, null::timestamptz, false, 15::double precision;
    return;
  end if;

  return query
    insert into call_reservations as r (user_id, room_name, expires_at, allowed)
    values (p_user_id, 'call-' || replace(gen_random_uuid()::text, '-', ''), now_utc + p_ttl, left_today)
    returning 'reserved', r.call_id, r.room_name, r.expires_at, false, null::double precision;
end
$$;

-- Turns the reservation of a caller who has joined into a call. Nothing happens when there is none to turn; a call
-- that runs already is continued without the lock.
create function insta.open_call(p_call_id uuid, p_user_id text) returns void
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
    returning r.call_id, r.user_id, r.room_name
  )
  insert into calls (call_id, user_id, room_name)
  select call_id, user_id, room_name from settled
  on conflict do nothing;
end
$$;

select insta.protect_function('insta.lock_reservations()');
select insta.protect_function('insta.reservation_grace()');
select insta.protect_function('insta.reserve_call(text, interval, integer, integer, integer, integer)');
select insta.protect_function('insta.open_call(uuid, text)');
grant execute on function insta.lock_reservations(), insta.reservation_grace() to insta_app, insta_jobs;
grant execute on function insta.reserve_call(text, interval, integer, integer, integer, integer) to insta_jobs;
grant execute on function insta.open_call(uuid, text) to insta_app;
