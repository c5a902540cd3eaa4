-- What calls may cost: each call, and in any 24 hours those of one person and those of all. Counted where minutes are,
-- under the same lock: what a call may still spend is held for it, so that many who ask at once are not promised the same money.

alter table public.call_reservations
  add column allowed_usd numeric,                    -- the most its call may cost; null is without a bound
  add column held_usd numeric not null default 0,    -- how much of that is kept back from everybody else's calls
  add column all_day_usd numeric;                    -- the budget of all when the right was given; null was none
create index calls_by_end on public.calls ((coalesce(ended_at, 'infinity'::timestamptz)));

-- Money stays spent like minutes, whoever deletes the call.
alter table insta.spent_minutes add column cost_usd numeric not null default 0;

create or replace function insta.keep_spent_minutes() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into insta.spent_minutes (key, started_at, over_at, cost_usd)
  select insta.spent_key(old.user_id), old.started_at, spent.over_at, old.cost_usd
    from (select coalesce(old.caller_left_at, old.ended_at, clock_timestamp()) as over_at) spent
   where spent.over_at > clock_timestamp() - interval '24 hours';
  return old;
end
$$;

-- What one person's calls of the last 24 hours cost, and what those that run may still take: all that they may cost.
create function insta.person_usd(p_user_id text, out spent numeric, out held numeric, out until_one_is_free float8)
language sql stable security definer set search_path = ''
as $$
  select coalesce(sum(c.cost_usd), 0),
         coalesce(sum(greatest(c.allowed_usd - c.cost_usd, 0)) filter (where c.over_at is null), 0),
         extract(epoch from min(coalesce(c.over_at, clock_timestamp())) + interval '24 hours' - clock_timestamp())
    from (select ours.cost_usd, r.allowed_usd, coalesce(ours.caller_left_at, ours.ended_at) as over_at
            from public.calls ours join public.call_reservations r using (call_id)
           where ours.user_id = p_user_id
          union all
          select cost_usd, null, over_at from insta.spent_minutes where key = insta.spent_key(p_user_id)) c
   where coalesce(c.over_at, clock_timestamp()) > clock_timestamp() - interval '24 hours'
     and c.cost_usd + coalesce(c.allowed_usd, 0) > 0
$$;

-- The same of everybody. A right keeps its part back for as long as its person is on the way, as it keeps a line.
create function insta.all_usd(p_besides text, out spent numeric, out held numeric, out until_one_is_free float8)
language sql stable security definer set search_path = ''
as $$
  select coalesce(sum(c.cost_usd), 0),
         coalesce(sum(greatest(c.held_usd - c.cost_usd, 0)) filter (where c.over_at is null), 0)
           + (select coalesce(sum(r.held_usd), 0)
                from public.call_reservations r
               where r.user_id <> p_besides and r.settled_at is null
                 and r.created_at > clock_timestamp() - insta.place_kept_for()
                 and r.expires_at > clock_timestamp() - insta.reservation_grace()),
         extract(epoch from min(c.over_at) + interval '24 hours' - clock_timestamp())
    from (select ours.cost_usd, r.held_usd, coalesce(ours.caller_left_at, ours.ended_at) as over_at
            from public.calls ours join public.call_reservations r using (call_id)
           where coalesce(ours.ended_at, 'infinity'::timestamptz) > clock_timestamp() - interval '24 hours'
          union all
          select cost_usd, 0, over_at from insta.spent_minutes
           where over_at > clock_timestamp() - interval '24 hours') c
   where c.cost_usd + c.held_usd > 0
$$;
select insta.protect_function('insta.person_usd(text)');
select insta.protect_function('insta.all_usd(text)');
grant execute on function insta.person_usd(text) to insta_jobs;
grant execute on function insta.all_usd(text) to insta_app, insta_jobs;

-- Gives the right to one call, or says what stands against it. `outcome`: reserved, no_profile, disabled,
-- out_of_minutes, out_of_budget, user_busy, at_capacity, all_spent; `retry_after_s` from the third on. A budget that is
-- null is none.
drop function insta.reserve_call(text, interval, integer, integer, integer, integer);
create function insta.reserve_call(
  p_user_id text, p_ttl interval, p_user_calls integer, p_all_calls integer, p_minutes_per_day integer,
  p_call_minutes integer, p_call_usd numeric default null, p_user_day_usd numeric default null,
  p_all_day_usd numeric default null
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
  money record;
  left_to_them numeric;
  left_to_all numeric;
  may_cost numeric;
  kept_back numeric;
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

  if p_user_day_usd is not null then
    select * into money from insta.person_usd(p_user_id);
    left_to_them := p_user_day_usd - money.spent - money.held;
    if left_to_them <= 0 and money.spent < p_user_day_usd then
      return query select 'user_busy', null::uuid, null, null::timestamptz, false, 5::double precision;
      return;
    elsif left_to_them <= 0 then
      return query select 'out_of_budget', null::uuid, null, null::timestamptz, false,
                          greatest(money.until_one_is_free, 60)::double precision;
      return;
    end if;
  end if;
  if p_all_day_usd is not null then
    select * into money from insta.all_usd(p_user_id);
    left_to_all := p_all_day_usd - money.spent - money.held;
    if left_to_all <= 0 and money.spent < p_all_day_usd then
      return query select 'at_capacity', null::uuid, null, null::timestamptz, false, 15::double precision;
      return;
    elsif left_to_all <= 0 then
      return query select 'all_spent', null::uuid, null, null::timestamptz, false,
                          greatest(money.until_one_is_free, 60)::double precision;
      return;
    end if;
  end if;
  may_cost := least(p_call_usd, left_to_them, left_to_all);  -- which passes over those that are null
  -- Without a budget by the call the first one would keep the whole day's back from all others.
  kept_back := case when p_call_usd is null then 0 else may_cost end;

  -- Of the lines, and of the living workers' places, which a small installation has few of, a right keeps one only for
  -- as long as its person is on the way. While no worker is heard of, as at a start, it is the setting alone.
  select sum(capacity) into places from agent_workers where seen_at > now_utc - interval '15 seconds';
  if least(p_all_calls, places) <= insta.lines_taken(p_user_id) then
    return query select 'at_capacity', null::uuid, null, null::timestamptz, false, 15::double precision;
    return;
  end if;

  -- The unused right is used again: a person who presses twice has one room, not two.
  update call_reservations r
     set expires_at = now_utc + p_ttl, allowed = left_today, given_at = now_utc, all_calls = p_all_calls,
         allowed_usd = may_cost, held_usd = kept_back, all_day_usd = p_all_day_usd
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
    insert into call_reservations as r (user_id, room_name, expires_at, allowed, given_at, all_calls, allowed_usd,
                                        held_usd, all_day_usd)
    values (p_user_id, 'call-' || replace(gen_random_uuid()::text, '-', ''), now_utc + p_ttl, left_today, now_utc,
            p_all_calls, may_cost, kept_back, p_all_day_usd)
    returning 'reserved', r.call_id, r.room_name, r.expires_at, false, null::double precision;
end
$$;
select insta.protect_function(
  'insta.reserve_call(text, interval, integer, integer, integer, integer, numeric, numeric, numeric)');
grant execute on function
  insta.reserve_call(text, interval, integer, integer, integer, integer, numeric, numeric, numeric) to insta_jobs;

-- Opens the call of a right that is still good. One whose place was kept finds it; a later one has to find a line free,
-- and its part of the day's money.
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
            or (coalesce(r.all_calls > insta.lines_taken(p_user_id), true)
                and coalesce(r.all_day_usd >= (select spent + held from insta.all_usd(p_user_id)) + r.held_usd, true)))
    returning r.call_id, r.user_id, r.room_name
  )
  insert into calls (call_id, user_id, room_name)
  select call_id, user_id, room_name from settled
  on conflict do nothing;
end
$$;
