-- What every later migration stands on: extensions, the two roles of the runtime, and who the caller is.

do $$
declare
  place text := case when exists (select from pg_namespace where nspname = 'extensions')
                     then 'extensions' else 'public' end;  -- Supabase keeps extensions in a schema of their own
begin
  execute format('create extension if not exists vector with schema %I', place);
  execute format('create extension if not exists pg_trgm with schema %I', place);
  execute format('create extension if not exists unaccent with schema %I', place);
end
$$;

-- insta_app works for one person at a time and sees what policies show that person.
-- insta_jobs works across people and has policies of its own. Neither can pass row-level security by.
do $$
begin
  if not exists (select from pg_roles where rolname = 'insta_app') then
    create role insta_app nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'insta_jobs') then
    create role insta_jobs nologin;
  end if;
  -- The owner's address serves the parts too where there is only one, as on Supabase.
  grant insta_app, insta_jobs to current_user;
end
$$;

create schema if not exists insta;
grant usage on schema insta, public to insta_app, insta_jobs;
do $$
begin
  if exists (select from pg_namespace where nspname = 'extensions') then
    grant usage on schema extensions to insta_app, insta_jobs;
  end if;
end
$$;

-- Who the caller is: the claim Supabase's own API sets. A setting that was local to an earlier transaction reads
-- as '', which is no JSON. Null, and so no row anywhere, when nobody is set.
create function insta.current_user_id() returns text
language sql stable parallel safe
as $$ select nullif(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '') $$;

-- Takes a table and the sequences of its identity columns from everyone but its owner.
create function insta.revoke_table(p_table regclass) returns void
language plpgsql
as $$
declare
  outsider text;
  numbers regclass;
begin
  for outsider in
    select 'public' union all
    select quote_ident(rolname) from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
  loop
    execute format('revoke all on table %s from %s', p_table, outsider);
    for numbers in
      select d.objid from pg_depend d join pg_class c on c.oid = d.objid
       where d.refobjid = p_table and c.relkind = 'S' and d.deptype in ('a', 'i')
    loop
      execute format('revoke all on sequence %s from %s', numbers, outsider);
    end loop;
  end loop;
end
$$;

-- Closes a new table: row-level security on and forced, and nothing for the roles of Supabase's API, which its
-- default privileges have just given everything.
create function insta.protect_table(p_table regclass) returns void
language plpgsql
as $$
begin
  execute format('alter table %s enable row level security', p_table);
  execute format('alter table %s force row level security', p_table);
  perform insta.revoke_table(p_table);
end
$$;

-- The same for a function: whoever may call it is granted that by name afterwards.
create function insta.protect_function(p_function regprocedure) returns void
language plpgsql
as $$
declare
  outsider text;
begin
  execute format('revoke all on function %s from public', p_function);
  for outsider in select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role') loop
    execute format('revoke all on function %s from %I', p_function, outsider);
  end loop;
end
$$;

select insta.protect_function('insta.revoke_table(regclass)');
select insta.protect_function('insta.protect_table(regclass)');
select insta.protect_function('insta.protect_function(regprocedure)');
select insta.protect_function('insta.current_user_id()');
grant execute on function insta.current_user_id() to insta_app, insta_jobs;

-- What has been applied is no secret to the service: `insta-voice db status` reads it.
grant usage on schema supabase_migrations to insta_jobs;
grant select on supabase_migrations.schema_migrations to insta_jobs;
