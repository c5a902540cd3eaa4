-- Gaps: what callers asked in vain, grouped by meaning. A question's words stay in the record of its call, and what is
-- here goes with it: when the call is deleted, when its person is erased, and after RETENTION_DAYS.

create table public.knowledge_gaps (
  gap_id bigint generated always as identity primary key,
  language text not null check (language ~ '^[a-z]{2}$'),
  model text not null,     -- whose vectors its questions have: those of two models cannot be compared
  centre vector not null,  -- the mean of its questions' vectors, kept by insta.keep_gaps
  closed_at timestamptz,
  closed_because text check (length(closed_because) between 1 and 500),  -- the last reason; stays when it opens again
  check (closed_at is null or closed_because is not null)
);
create index knowledge_gaps_compared on public.knowledge_gaps (language, model);
select insta.protect_table('public.knowledge_gaps');

-- One question of one answer: `part` is its place, from 0, in the turn's `searches`.
create table public.gap_questions (
  call_id uuid not null,
  number integer not null,
  part integer not null check (part >= 0),
  gap_id bigint not null references public.knowledge_gaps on delete cascade,
  causes text[] not null
    check (cardinality(causes) > 0 and causes <@ '{no_answer,not_solved,person,repeated}'::text[]),
  embedding vector not null,
  primary key (call_id, number, part),
  foreign key (call_id, number) references public.call_turns on delete cascade
);
create index gap_questions_by_gap on public.gap_questions (gap_id);
select insta.protect_table('public.gap_questions');

-- The owner's policy is for the function below, which runs as the owner whoever deletes a call.
create policy jobs_and_owner on public.knowledge_gaps to insta_jobs, current_user using (true) with check (true);
create policy jobs_and_owner on public.gap_questions to insta_jobs, current_user using (true) with check (true);
grant select, insert, update, delete on public.knowledge_gaps, public.gap_questions to insta_jobs;

-- However a question comes or goes: its gap's centre is the mean of those that are there, and without any it goes too.
create function insta.keep_gaps() returns trigger
language plpgsql security definer
set search_path = pg_catalog, public, extensions, pg_temp
as $$
begin
  update knowledge_gaps g set centre = there.centre
    from (select q.gap_id, avg(q.embedding) as centre from gap_questions q
           where q.gap_id in (select t.gap_id from touched t) group by q.gap_id) there
   where g.gap_id = there.gap_id;
  delete from knowledge_gaps g
   where g.gap_id in (select t.gap_id from touched t)
     and not exists (select from gap_questions q where q.gap_id = g.gap_id);
  return null;
end
$$;
select insta.protect_function('insta.keep_gaps()');
create trigger gap_question_comes after insert on public.gap_questions
  referencing new table as touched for each statement execute function insta.keep_gaps();
create trigger gap_question_goes after delete on public.gap_questions
  referencing old table as touched for each statement execute function insta.keep_gaps();

-- When a call was looked at for what was asked in vain. Calls from before this are not looked at: their turns do not say
-- what the articles were asked.
alter table public.calls add column gaps_found_at timestamptz default now();
alter table public.calls alter column gaps_found_at drop default;
