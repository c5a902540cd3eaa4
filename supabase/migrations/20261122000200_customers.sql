-- People who sign in, and what the assistant should remember of the last call.

create table public.user_profiles (
  user_id text primary key check (length(user_id) between 1 and 128),  -- the Firebase uid
  email text,
  email_verified boolean not null default false,
  name text,
  plan text not null default 'free',
  role text not null default 'customer' check (role in ('customer', 'support', 'admin')),
  account_facts jsonb not null default '{}' check (jsonb_typeof(account_facts) = 'object'),
  disabled boolean not null default false,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now()
);
select insta.protect_table('public.user_profiles');

-- Also for the owner, as whom the search runs: it asks for the plan of whoever is set, and for nobody else's.
create policy own_profile on public.user_profiles to insta_app, current_user
  using (user_id = (select insta.current_user_id()))
  with check (user_id = (select insta.current_user_id()));
create policy all_profiles on public.user_profiles to insta_jobs using (true) with check (true);

-- A person may be seen and renamed as themselves; plan, role, facts and the lock on the door are not theirs.
grant select, insert (user_id, email, email_verified, name) on public.user_profiles to insta_app;
grant update (email, email_verified, name, last_seen_at) on public.user_profiles to insta_app;
grant select, insert, update, delete on public.user_profiles to insta_jobs;

-- What happens when a Firebase user is seen: the profile is made, or brought up to date where the token knows more.
create function public.ensure_user_profile(p_email text, p_name text, p_email_verified boolean)
returns setof public.user_profiles
language sql
set search_path = public, pg_temp
as $$
  insert into user_profiles as profile (user_id, email, name, email_verified)
  values (insta.current_user_id(), p_email, p_name, p_email_verified)
  on conflict (user_id) do update
    set email = coalesce(excluded.email, profile.email),
        name = coalesce(excluded.name, profile.name),
        email_verified = excluded.email_verified,
        last_seen_at = now()
  returning *
$$;
select insta.protect_function('public.ensure_user_profile(text, text, boolean)');
grant execute on function public.ensure_user_profile(text, text, boolean) to insta_app;

create table public.interaction_summaries (
  summary_id bigint generated always as identity primary key,
  user_id text not null references public.user_profiles (user_id) on delete cascade,
  call_id uuid unique,  -- one summary a call; null for one that was saved outside a call
  summary text not null,
  topics text[] not null default '{}',
  open_question text,
  solved boolean,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index interaction_summaries_newest on public.interaction_summaries (user_id, updated_at desc);
select insta.protect_table('public.interaction_summaries');

create policy own_summaries on public.interaction_summaries to insta_app
  using (user_id = (select insta.current_user_id()))
  with check (user_id = (select insta.current_user_id()));
create policy all_summaries on public.interaction_summaries to insta_jobs using (true) with check (true);

grant select, insert, update on public.interaction_summaries to insta_app;
grant select, insert, update, delete on public.interaction_summaries to insta_jobs;
