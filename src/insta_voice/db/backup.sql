-- name: passes_policies
-- Whether this login sees every row: forced row-level security would hide some of them from an ordinary owner.
select rolsuper or rolbypassrls as passes, current_user as login from pg_roles where rolname = current_user;

-- name: plain_text
-- Values as text that every server reads alike, in the order they lie, however long it takes.
select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true),
       set_config('intervalstyle', 'postgres', true), set_config('extra_float_digits', '1', true),
       set_config('bytea_output', 'hex', true), set_config('client_encoding', 'UTF8', true),
       set_config('synchronize_seqscans', 'off', true), set_config('search_path', 'pg_catalog', true),
       set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true);

-- name: tables
-- Our tables with their columns and the tables they refer to: those of our own schemas, and of `public` those that
-- answer to our roles; what else lives in `public` is not ours.
select n.nspname::text as schema, c.relname::text as name,
       array(select a.attname::text from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
              order by a.attnum) as columns,
       array(select distinct fn.nspname || '.' || fc.relname
               from pg_constraint k join pg_class fc on fc.oid = k.confrelid
               join pg_namespace fn on fn.oid = fc.relnamespace
              where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as refers_to,
       array(select t.tgname::text from pg_trigger t
              where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled = 'O' order by t.tgname) as triggers
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r'
   and (n.nspname in ('insta', 'procrastinate')
        or n.nspname = 'public' and exists (
             select from pg_policy p
              where p.polrelid = c.oid
                and p.polroles && array(select r.oid from pg_roles r where r.rolname in ('insta_app', 'insta_jobs'))))
 order by 1, 2;

-- name: counters
-- The columns that number their rows, and the last number each gave; null when it gave none.
select n.nspname || '.' || c.relname as table, a.attname::text as column,
       pg_sequence_last_value(s.sequence::regclass) as last
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
 cross join lateral pg_get_serial_sequence(quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname)
         as s(sequence)
 where n.nspname || '.' || c.relname = any (%(tables)s) and a.attnum > 0 and not a.attisdropped
   and s.sequence is not null
 order by 1, 2;

-- name: set_counter
-- The next row is numbered after `last`.
select setval(pg_get_serial_sequence(quote_ident(%(schema)s) || '.' || quote_ident(%(name)s), %(column)s), %(last)s);

-- name: copy_out
-- A table as text, one row a line.
copy {table} ({columns}) to stdout;

-- name: copy_in
-- The same, back.
copy {table} ({columns}) from stdin;

-- name: lock_table
-- Nobody reads or writes it until the transaction ends.
lock table {table} in access exclusive mode;

-- name: has_rows
-- Whether there is anything in it.
select exists (select from {table}) as filled;

-- name: empty_table
-- Takes what a migration put there, which the backup brings too.
delete from {table};

-- name: disable_trigger
-- What a trigger did to these rows is in the backup already.
alter table {table} disable trigger {trigger};

-- name: enable_trigger
-- From here on it acts again.
alter table {table} enable trigger {trigger};

-- name: analyze_table
-- Counts what is in it, for the planner.
analyze {table};
