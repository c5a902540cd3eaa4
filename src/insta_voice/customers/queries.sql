-- name: ensure_profile
-- Decides whether a proven identity may call, and makes or refreshes its profile when it may.
select public.ensure_user_profile(%(user_id)s, %(email)s, %(name)s, %(email_verified)s, %(rule)s, %(domains)s)
       as outcome;

-- name: get_profile
-- One profile, of those the role may see.
select * from user_profiles where user_id = %(user_id)s;

-- name: import_profile
-- Writes a whole profile, for people who are not made by signing in.
insert into user_profiles (user_id, email, email_verified, name, plan, role, account_facts)
values (%(user_id)s, %(email)s, true, %(name)s, %(plan)s, %(role)s, %(account)s)
on conflict (user_id) do update
  set email = excluded.email, email_verified = true, name = excluded.name, plan = excluded.plan,
      role = excluded.role, account_facts = excluded.account_facts;

-- name: set_role
-- Makes someone a customer, support or an administrator.
update user_profiles set role = %(role)s where user_id = %(user_id)s;

-- name: set_disabled
-- Closes an account, or opens it again.
update user_profiles set disabled = %(disabled)s where user_id = %(user_id)s;

-- name: save_summary
-- Saves what a call was about, in place of what was saved before for the same call, unless that is recent enough.
insert into interaction_summaries as saved (user_id, call_id, summary, topics, open_question, solved)
values (%(user_id)s, %(call_id)s, %(summary)s, %(topics)s, %(open_question)s, %(solved)s)
on conflict (call_id) do update
  set summary = excluded.summary, topics = excluded.topics, open_question = excluded.open_question,
      solved = excluded.solved, updated_at = now()
  where %(since)s::timestamptz is null or saved.updated_at < %(since)s
returning summary_id;

-- name: last_summary
-- What the newest conversation of this user was about; one in which nothing was asked does not hide an earlier one.
select s.call_id, s.summary, s.topics, s.open_question, s.solved, s.created_at, r.language
  from interaction_summaries s left join call_reservations r using (call_id)
 where s.user_id = %(user_id)s
 order by s.call_id is not null and s.solved is null and s.open_question is null and s.topics = '{}',
          s.created_at desc, s.summary_id desc
 limit 1;
