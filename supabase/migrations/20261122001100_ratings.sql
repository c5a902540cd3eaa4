-- What the caller says of a call afterwards.

create table public.call_ratings (
  call_id uuid primary key,
  user_id text not null,
  solved boolean not null,
  comment text check (length(comment) between 1 and 500),
  rated_at timestamptz not null default now(),
  foreign key (call_id, user_id) references public.calls (call_id, user_id) on delete cascade
);
select insta.protect_table('public.call_ratings');
create policy own_rows on public.call_ratings to insta_app
  using (user_id = (select insta.current_user_id()))
  with check (user_id = (select insta.current_user_id()));
create policy all_rows on public.call_ratings to insta_jobs using (true) with check (true);
grant select, insert (call_id, user_id, solved, comment), update (solved, comment, rated_at)
  on public.call_ratings to insta_app;
grant select, insert, update, delete on public.call_ratings to insta_jobs;
