-- The record of a call: the right to make it, the call, its turns, what was left for a person; and who answers.

create table public.call_reservations (
  call_id uuid primary key default gen_random_uuid(),
  user_id text not null references public.user_profiles (user_id) on delete cascade,
  room_name text not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,  -- with the join token
  settled_at timestamptz,           -- became a call, or was let go
  agent_asked_at timestamptz,       -- when a missing agent was last asked for
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

-- Gives the right to one call, or says what stands against it. `outcome`: reserved, no_profile, disabled,
-- out_of_minutes, user_busy, at_capacity; `retry_after_s` with the last three. One lock for the installation makes
-- counting and taking one step; it is held for under a millisecond.
create function insta.reserve_call(
  p_user_id text, p_ttl interval, p_user_calls integer, p_all_calls integer, p_minutes_per_day integer
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
  now_utc timestamptz;
begin
  perform pg_advisory_xact_lock(hashtextextended('insta.reserve_call', 0));
  now_utc := clock_timestamp();  -- now() is from before the wait for the lock

  select disabled into profile from user_profiles where user_id = p_user_id;
  if not found then
    return query select 'no_profile', null::uuid, null, null::timestamptz, false, null::double precision;
    return;
  elsif profile.disabled then
    return query select 'disabled', null::uuid, null, null::timestamptz, false, null::double precision;
    return;
  end if;

  select coalesce(sum(extract(epoch from
             coalesce(ended_at, now_utc) - greatest(started_at, now_utc - interval '24 hours'))), 0) as seconds,
         extract(epoch from min(coalesce(ended_at, now_utc)) + interval '24 hours' - now_utc) as until_one_is_free
    into spent
    from calls
   where user_id = p_user_id and coalesce(ended_at, now_utc) > now_utc - interval '24 hours';
  if spent.seconds >= p_minutes_per_day * 60 then
    return query select 'out_of_minutes', null::uuid, null, null::timestamptz, false,
                        greatest(spent.until_one_is_free, 60)::double precision;
    return;
  end if;

  if p_user_calls <= (select count(*) from calls where user_id = p_user_id and ended_at is null) then
    return query select 'user_busy', null::uuid, null, null::timestamptz, false, 5::double precision;
    return;
  end if;

  -- The unused right is used again: a person who presses twice has one room, not two.
  update call_reservations r
     set expires_at = now_utc + p_ttl
   where r.call_id = (
           select w.call_id from call_reservations w
            where w.user_id = p_user_id and w.settled_at is null and w.expires_at > now_utc
            order by w.created_at desc limit 1)
  returning r.call_id, r.room_name, r.expires_at into waiting;
  if found then
    return query select 'reserved', waiting.call_id, waiting.room_name, waiting.expires_at, true,
                        null::double precision;
    return;
  end if;

  if p_all_calls <= (select count(*) from calls where ended_at is null)
                  + (select count(*) from call_reservations where settled_at is null and expires_at > now_utc) then
    return query select 'at_capacity', null::uuid, null, null::timestamptz, false, 15::double precision;
    return;
  end if;

  return query
    insert into call_reservations as r (user_id, room_name, expires_at)
    values (p_user_id, 'call-' || replace(gen_random_uuid()::text, '-', ''), now_utc + p_ttl)
    returning 'reserved', r.call_id, r.room_name, r.expires_at, false, null::double precision;
end
$$;
select insta.protect_function('insta.reserve_call(text, interval, integer, integer, integer)');
grant execute on function insta.reserve_call(text, interval, integer, integer, integer) to insta_jobs;
