-- name: look
-- The server's version, its clock, and whether this login is a superuser.
select current_setting('server_version_num')::int as version,
       current_setting('server_version') as version_name,
       extract(epoch from clock_timestamp())::float8 as clock,
       (select rolsuper from pg_roles where rolname = session_user) as superuser;

-- name: extensions
-- Which of what the schema needs is there, or could be created.
select wanted.name, available.installed_version as installed, available.default_version as available
  from unnest(array['vector', 'pg_trgm', 'unaccent']) as wanted (name)
  left join pg_available_extensions available on available.name = wanted.name;

-- name: become
-- Whether this login may be that role; the transaction is rolled back.
select set_config('role', %(role)s, true);

-- name: people
-- Who may call and who may administer: counts only.
select count(distinct who) as known, count(distinct who) filter (where role = 'admin' and not disabled) as admins
  from (select coalesce(lower(email), user_id) as who, role, disabled from user_profiles
        union all select lower(email), role, disabled from known_people) as people;

-- name: articles
-- How many articles there are.
select count(*) as articles from knowledge_articles;

-- name: workers
-- The agent workers and when each was heard of last, in seconds.
select calls, capacity, extract(epoch from now() - seen_at)::float8 as silent_s from agent_workers order by seen_at desc;

-- name: job_workers
-- Job workers heard of within the time after which their jobs are given to others.
select count(*) as alive from procrastinate.procrastinate_workers where last_heartbeat > now() - interval '30 seconds';

-- name: late_jobs
-- Jobs that should have been begun five minutes ago.
select count(*) as late
  from procrastinate.procrastinate_jobs job
 where job.status = 'todo'
   and coalesce(job.scheduled_at, (select min(event.at) from procrastinate.procrastinate_events event
                                    where event.job_id = job.id)) < now() - interval '5 minutes';

-- name: left_undone
-- How much was promised more than an hour ago and is not done, and which jobs have given up.
select (select count(*) from tickets
         where delivered_at is null and created_at < now() - interval '1 hour') as tickets,
       (select count(*) from erasures
         where finished_at is null and requested_at < now() - interval '1 hour') as erasures,
       (select count(*) from calls c
         where ended_at < now() - interval '1 hour'
           and not exists (select from interaction_summaries s where s.call_id = c.call_id)) as summaries,
       (select array_agg(distinct task_name order by task_name) from procrastinate.procrastinate_jobs
         where status = 'failed') as given_up;
