-- Whom the company knows by an address stays that person when they sign in with another one later: imports, roles,
-- locks and erasure go on finding them.

alter table public.user_profiles add column known_as text;  -- key of known_people; they have shown that it is theirs
create index user_profiles_known_as on public.user_profiles (known_as);
update public.user_profiles p set known_as = k.email
  from public.known_people k
 where p.email_verified and k.email = insta.email_key(p.email);

-- What happens when a Firebase user is seen: `admitted`, with the profile made or brought up to date; or `disabled`,
-- `email_not_verified`, `not_known`, and nothing is written. `p_rule` is known, domains or open; `p_domains` are in
-- lower case. Whoever has a profile was let in before and stays so.
create or replace function public.ensure_user_profile(
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
      or (verified and p_rule = 'domains' and address like '_%@%' and split_part(address, '@', -1) = any (p_domains)),
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
  insert into user_profiles as profile (user_id, email, name, email_verified, plan, role, account_facts, known_as)
  values (p_user_id, p_email, coalesce(known.name, p_name), verified, coalesce(known.plan, 'free'),
          coalesce(known.role, 'customer'), coalesce(known.account_facts, '{}'), known.email)
  on conflict (user_id) do update
    set email = coalesce(excluded.email, profile.email),
        name = coalesce(excluded.name, profile.name),
        email_verified = excluded.email_verified,
        plan = case when is_them then coalesce(known.plan, profile.plan) else profile.plan end,
        role = case when is_them then coalesce(known.role, profile.role) else profile.role end,
        account_facts = case when is_them and known.account_facts <> '{}'
                             then known.account_facts else profile.account_facts end,
        known_as = coalesce(excluded.known_as, profile.known_as),
        last_seen_at = now();
  return 'admitted';
end
$$;
