-- Which migrations have been applied, for whoever asks whether the installation is ready. The roles of the runtime
-- cannot read the place where the runner and `supabase db push` write it down.
create function insta.applied_migrations() returns setof text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query select version::text from supabase_migrations.schema_migrations;
end
$$;
select insta.protect_function('insta.applied_migrations()');
grant execute on function insta.applied_migrations() to insta_jobs;
