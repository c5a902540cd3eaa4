-- name: prepare
-- The table `supabase db push` keeps; made here where Supabase has not made it.
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (
  version text primary key,
  statements text[],
  name text
);

-- name: lock
-- One start migrates at a time: held by a transaction, not a session, because a pooler may stand between.
select pg_advisory_xact_lock(7305142036511);

-- name: use_path
-- Where types and operators of extensions are found: Supabase keeps them in a schema of their own.
select set_config('search_path', 'public, extensions', true);

-- name: has_roles
-- A row when our first migration was applied here: only then insta_jobs may look.
select from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.rolname = 'insta_jobs'
 where n.nspname = 'supabase_migrations' and c.relname = 'schema_migrations'
   and has_table_privilege(r.oid, c.oid, 'select');

-- name: become_service
-- The role that may look at what was applied, until the transaction ends.
select set_config('role', 'insta_jobs', true);

-- name: applied
-- What has been applied, by us or by `supabase db push`.
select version from supabase_migrations.schema_migrations order by version;

-- name: record
-- Writes a migration down where `supabase db push` looks.
insert into supabase_migrations.schema_migrations (version, name, statements)
values (%(version)s, %(name)s, %(statements)s);
