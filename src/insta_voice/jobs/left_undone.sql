-- name: tickets
-- Tickets that have not reached the team for some time and have no job any more, the oldest first.
select ticket_id::text as id
  from tickets
 where delivered_at is null and created_at < now() - %(older_than)s::interval
   and not exists (select from procrastinate.procrastinate_jobs job
                    where job.task_name = 'deliver_ticket' and job.status in ('todo', 'doing')
                      and job.args ->> 'ticket_id' = ticket_id::text)
 order by created_at
 limit %(limit)s;

-- name: erasures
-- Erasures that were begun some time ago, are not done and have no job any more, the oldest first.
select erasure_id::text as id
  from erasures
 where finished_at is null and requested_at < now() - %(older_than)s::interval
   and not exists (select from procrastinate.procrastinate_jobs job
                    where job.task_name = 'erase_person' and job.status in ('todo', 'doing')
                      and job.args ->> 'erasure_id' = erasure_id::text)
 order by requested_at
 limit %(limit)s;

-- name: summaries
-- Calls that ended some time ago, have no summary and no job that writes one, the oldest first.
select call_id::text as id
  from calls c
 where ended_at < now() - %(older_than)s::interval
   and not exists (select from interaction_summaries s where s.call_id = c.call_id)
   and not exists (select from procrastinate.procrastinate_jobs job
                    where job.task_name = 'summarize_call' and job.status in ('todo', 'doing')
                      and job.args ->> 'call_id' = c.call_id::text)
 order by ended_at
 limit %(limit)s;

-- name: gaps
-- Calls that ended, or were rated, some time ago, were not looked at since for what was asked in vain, and have no job
-- that does, the oldest first.
select c.call_id::text as id
  from calls c left join call_ratings r using (call_id)
 where greatest(c.ended_at, r.rated_at) < now() - %(older_than)s::interval and c.ended_at is not null
   and (c.gaps_found_at is null or c.gaps_found_at < r.rated_at)
   and not exists (select from procrastinate.procrastinate_jobs job
                    where job.task_name = 'find_gaps' and job.status in ('todo', 'doing')
                      and job.args ->> 'call_id' = c.call_id::text)
 order by c.ended_at
 limit %(limit)s;

-- name: forget_given_up
-- Deletes jobs that have given up: those whose work is looked for above, and others that doctor has told of for a day.
delete from procrastinate.procrastinate_jobs job
 where job.status = 'failed'
   and (job.task_name in ('deliver_ticket', 'erase_person', 'summarize_call', 'find_gaps')
        or not exists (select from procrastinate.procrastinate_events event
                        where event.job_id = job.id and event.at > now() - interval '1 day'));
