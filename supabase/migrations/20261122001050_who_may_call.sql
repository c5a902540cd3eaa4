-- Who may call: the people the company names by e-mail address, and the one place that decides who is let in.

-- One form of an address, however it was written.
create function insta.email_key(p_email text) returns text
language sql immutable parallel safe
as $$ select nullif(lower(btrim(p_email)), '') $$;
select insta.protect_function('insta.email_key(text)');
grant execute on function insta.email_key(text) to insta_app, insta_jobs;

create index user_profiles_email on public.user_profiles (insta.email_key(email));

-- What the company says of a person, before and after they first sign in. Whoever signs in with the address, and has
-- shown that it is theirs, is that person. A null says nothing.
create table public.known_people (
  email text primary key check (email = insta.email_key(email) and length(email) between 3 and 320),
  name text,
  plan text,
  role text check (role in ('customer', 'support', 'admin')),
  account_facts jsonb not null default '{}' check (jsonb_typeof(account_facts) = 'object'),
  disabled boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
select insta.protect_table('public.known_people');
create policy all_people on public.known_people to insta_jobs using (true) with check (true);
grant select, insert, update, delete on public.known_people to insta_jobs;

-- Nobody makes a profile of their own but through the function below.
revoke insert on public.user_profiles from insta_app;
revoke insert (user_id, email, email_verified, name) on public.user_profiles from insta_app;
drop function public.ensure_user_profile(text, text, boolean);

-- Sign-ins share this lock; who writes known_people takes it alone: a person seen for the first time is not missed by
-- an import that runs at the same moment.
create function insta.share_known_people() returns void
language sql
as $$ select pg_advisory_xact_lock_shared(hashtextextended('insta.known_people', 0)) $$;
create function insta.lock_known_people() returns void
language sql
as $$ select pg_advisory_xact_lock(hashtextextended('insta.known_people', 0)) $$;
select insta.protect_function('insta.share_known_people()');
select insta.protect_function('insta.lock_known_people()');
grant execute on function insta.share_known_people(), insta.lock_known_people() to insta_jobs;

-- What happens when a Firebase user is seen: `admitted`, with the profile made or brought up to date; or `disabled`,
-- `email_not_verified`, `not_known`, and nothing is written. `p_rule` is known, domains or open; `p_domains` are in
-- lower case. Whoever has a profile was let in before and stays so.
create function public.ensure_user_profile(
  p_user_id text, p_email text, p_name text, p_email_verified boolean, p_rule text, p_domains text[]
)
returns text
language plpgsql
set search_path = public, pg_temp
as $$
declare
  address constant text := insta.email_key(p_email);
  verified constant boolean := coalesce(p_email_verified, false) and address is not null;
  seen user_profiles;
  known known_people;
  is_new boolean;
  is_them boolean := false;  -- the person the company means, and what it says of them is not in the profile yet
begin
  select * into seen from user_profiles where user_id = p_user_id;
  is_new := seen.user_id is null;
  if not is_new and not seen.disabled and seen.email_verified = verified
     and seen.email is not distinct from coalesce(p_email, seen.email)
     and seen.last_seen_at > now() - interval '1 minute' then
    return 'admitted';  -- as most requests find it: nothing to write
  end if;

  perform insta.share_known_people();
  select * into known from known_people where email = address;
  if not is_new and seen.disabled then
    return 'disabled';
  end if;
  if is_new then
    -- Where only verified addresses count, one that is not says nothing about who is known or locked out.
    if p_rule is distinct from 'open' and address is not null and not verified then
      return 'email_not_verified';
    elsif known.disabled then
      return 'disabled';
    elsif not coalesce(
      p_rule = 'open'
      or (verified and known.email is not null)
      or (verified and p_rule = 'domains' and split_part(address, '@', -1) = any (p_domains)),
      false
    ) then
      return 'not_known';
    end if;
  elsif verified and known.disabled then
    return 'disabled';
  end if;

  if verified and known.email is not null then
    is_them := is_new or not seen.email_verified or insta.email_key(seen.email) is distinct from address;
  else
    known := null;  -- an address that is not shown to be theirs brings nothing with it
  end if;
  insert into user_profiles as profile (user_id, email, name, email_verified, plan, role, account_facts)
  values (p_user_id, p_email, coalesce(known.name, p_name), verified, coalesce(known.plan, 'free'),
          coalesce(known.role, 'customer'), coalesce(known.account_facts, '{}'))
  on conflict (user_id) do update
    set email = coalesce(excluded.email, profile.email),
        name = coalesce(excluded.name, profile.name),
        email_verified = excluded.email_verified,
        plan = case when is_them then coalesce(known.plan, profile.plan) else profile.plan end,
        role = case when is_them then coalesce(known.role, profile.role) else profile.role end,
        account_facts = case when is_them and known.account_facts <> '{}'
                             then known.account_facts else profile.account_facts end,
        last_seen_at = now();
  return 'admitted';
end
$$;
select insta.protect_function('public.ensure_user_profile(text, text, text, boolean, text, text[])');
grant execute on function public.ensure_user_profile(text, text, text, boolean, text, text[]) to insta_jobs;
