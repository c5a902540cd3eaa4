-- name: lock_people
-- Keeps sign-ins and other writers of known_people away until the transaction ends.
select insta.lock_known_people();

-- name: import_people
-- Writes what an import says of each person, and counts who is new and who has changed.
with said as (
  select insta.email_key(email) as email, name, plan, account_facts
    from jsonb_to_recordset(%(people)s) as person(email text, name text, plan text, account_facts jsonb)
), before as (
  select email from known_people where email in (select email from said)
), written as (
  insert into known_people as known (email, name, plan, account_facts)
  select email, name, plan, account_facts from said
  on conflict (email) do update
    set name = coalesce(excluded.name, known.name),
        plan = coalesce(excluded.plan, known.plan),
        account_facts = case when %(with_facts)s then excluded.account_facts else known.account_facts end,
        updated_at = now()
    where coalesce(excluded.name, known.name) is distinct from known.name
       or coalesce(excluded.plan, known.plan) is distinct from known.plan
       or %(with_facts)s and excluded.account_facts <> known.account_facts
  returning email
)
select count(*) filter (where before.email is null)::int as added,
       count(before.email)::int as changed
  from written left join before using (email);

-- name: apply_import
-- Brings what an import says to the profiles of those who have signed in and shown, now or once, that the address is
-- theirs.
update user_profiles as profile
   set name = coalesce(said.name, profile.name),
       plan = coalesce(said.plan, profile.plan),
       account_facts = case when %(with_facts)s then said.account_facts else profile.account_facts end,
       known_as = insta.email_key(said.email)
  from jsonb_to_recordset(%(people)s) as said(email text, name text, plan text, account_facts jsonb)
 where profile.known_as = insta.email_key(said.email)
    or profile.email_verified and insta.email_key(profile.email) = insta.email_key(said.email);

-- name: list_people
-- Everyone with a profile and everyone known by address alone, those seen last first.
select coalesce(seen.email, known.email) as email, seen.user_id, coalesce(seen.name, known.name) as name,
       coalesce(seen.role, known.role, 'customer') as role, coalesce(seen.plan, known.plan, 'free') as plan,
       coalesce(seen.disabled, known.disabled) as disabled, coalesce(seen.email_verified, false) as email_verified,
       seen.last_seen_at
  from (select p.*, coalesce(p.known_as, case when p.email_verified then insta.email_key(p.email) end) as address
          from user_profiles p) seen
       full join known_people known on known.email = seen.address
 order by seen.last_seen_at desc nulls last, 1, 2
 limit %(limit)s;

-- name: count_people
-- How many lines `list_people` would have without a limit.
select (select count(*) from user_profiles)
     + (select count(*) from known_people k
         where not exists (
                 select from user_profiles p
                  where k.email = coalesce(p.known_as, case when p.email_verified then insta.email_key(p.email) end)))
       as people;

-- name: find_anyone
-- A row when someone has this address: a profile, verified or not, or a person the company named.
select from user_profiles where insta.email_key(email) = insta.email_key(%(email)s)
union all
select from known_people where email = insta.email_key(%(email)s)
limit 1;

-- name: give_role
-- Notes the role of whoever shows that this address is theirs.
insert into known_people as known (email, role) values (insta.email_key(%(email)s), %(role)s)
on conflict (email) do update set role = excluded.role, updated_at = now();

-- name: give_role_now
-- Gives the role to those who have shown it already.
update user_profiles set role = %(role)s
 where known_as = insta.email_key(%(email)s)
    or email_verified and insta.email_key(email) = insta.email_key(%(email)s);

-- name: lock_out
-- Notes the lock on an address, for whoever signs in with it later.
insert into known_people as known (email, disabled) values (insta.email_key(%(email)s), %(disabled)s)
on conflict (email) do update set disabled = excluded.disabled, updated_at = now();

-- name: lock_out_now
-- Closes the accounts with this address, verified or not, and of whoever is known by it; or opens them again.
update user_profiles set disabled = %(disabled)s
 where insta.email_key(email) = insta.email_key(%(email)s) or known_as = insta.email_key(%(email)s);
