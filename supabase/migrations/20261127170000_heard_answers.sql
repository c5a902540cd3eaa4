-- How long callers waited for answers, as they heard it: counted in the transaction that writes it into a turn, so that
-- /metrics and the record agree. What is counted stays when its call is deleted: a counter never goes back. Nothing
-- personal.

-- The upper ends of what is counted together, in milliseconds: 200 is what people leave between turns; 450 and 800 are
-- what the median and the 95th of a hundred are to reach in mode local, 800 and 1,200 with a language model, 1,500 with
-- many calls at once; after 2,500 a caller asks again, and 4,000 is the longest silence that nothing explains. The
-- others stand halfway.
create function insta.heard_bounds_ms() returns integer[]
language sql immutable parallel safe
as $$ select array[200, 300, 450, 600, 800, 1000, 1200, 1500, 2000, 2500, 4000, 8000] $$;

create table insta.heard_answers (
  up_to_ms double precision primary key,  -- of the bounds, or infinity
  answers bigint not null,
  waited_ms double precision not null     -- all of them together
);
select insta.protect_table('insta.heard_answers');
create policy jobs_and_owner on insta.heard_answers to insta_jobs, current_user using (true) with check (true);
grant select on insta.heard_answers to insta_jobs;

create function insta.count_heard() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  heard_ms constant double precision := (new.timings_ms ->> 'heard_ms')::double precision;
begin
  insert into insta.heard_answers as counted (up_to_ms, answers, waited_ms)
  select coalesce(min(bound)::double precision, 'infinity'), 1, heard_ms
    from unnest(insta.heard_bounds_ms()) as bound where heard_ms <= bound
  on conflict (up_to_ms) do update
     set answers = counted.answers + 1, waited_ms = counted.waited_ms + excluded.waited_ms;
  return null;
end
$$;
select insta.protect_function(f)
  from unnest(array['insta.heard_bounds_ms()', 'insta.count_heard()']::regprocedure[]) as f;
grant execute on function insta.heard_bounds_ms() to insta_jobs;

create trigger count_heard after insert on public.call_turns
  for each row when (jsonb_typeof(new.timings_ms -> 'heard_ms') = 'number') execute function insta.count_heard();
create trigger count_heard_later after update of timings_ms on public.call_turns
  for each row when (jsonb_typeof(new.timings_ms -> 'heard_ms') = 'number' and not old.timings_ms ? 'heard_ms')
  execute function insta.count_heard();

-- It may become known after the turn is written. What was said is still never taken back.
grant update (timings_ms) on public.call_turns to insta_app;
