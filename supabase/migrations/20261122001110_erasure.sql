-- What is being erased, and afterwards that something was: when, and how many calls, but not whose.

create table public.erasures (
  erasure_id uuid primary key default gen_random_uuid(),
  user_id text unique,  -- while it is carried out; then nothing says who it was
  requested_by text not null check (requested_by in ('person', 'operator')),
  requested_at timestamptz not null default now(),
  finished_at timestamptz,
  calls integer not null default 0 check (calls >= 0),
  check (finished_at is null or user_id is null)
);
select insta.protect_table('public.erasures');
create policy all_erasures on public.erasures to insta_jobs using (true) with check (true);
grant select, insert, update on public.erasures to insta_jobs;

-- What retention looks for.
create index calls_ended on public.calls (ended_at) where ended_at is not null;

-- A right that was deleted takes its call and all that was said in it along; it is found by person and by age.
create index call_reservations_by_user on public.call_reservations (user_id);
create index tickets_by_call on public.tickets (call_id, user_id);
