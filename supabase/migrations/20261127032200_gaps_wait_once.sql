-- A caller may rate a call as often as they like; what was asked in vain in it is looked for once for all of it.

-- Whether a job that looks for the gaps of a call has not begun. Until the transaction ends it does not begin either: it
-- then reads what is being written now. For the role that may enqueue jobs and not read them.
create function insta.gaps_job_waits(p_call_id uuid) returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform from procrastinate.procrastinate_jobs job
    where job.task_name = 'find_gaps' and job.status = 'todo' and job.args ->> 'call_id' = p_call_id::text
      for key share;  -- fetching a job skips those whose row is locked
  return found;
end
$$;
select insta.protect_function('insta.gaps_job_waits(uuid)');
grant execute on function insta.gaps_job_waits(uuid) to insta_app;
