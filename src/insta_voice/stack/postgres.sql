-- name: ensure_roles
-- The roles our migrations rely on, and the login of the parts: a member that inherits nothing and must say
-- which of the two it is. NOSUPERUSER and NOBYPASSRLS are said aloud because everything rests on them.
do $$
begin
  if not exists (select from pg_roles where rolname = 'insta_app') then
    create role insta_app nologin nosuperuser nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'insta_jobs') then
    create role insta_jobs nologin nosuperuser nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'insta_login') then
    create role insta_login login noinherit nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
  grant insta_app, insta_jobs to insta_login with inherit false, set true;
end
$$;

-- name: set_login_password
-- The parts' password, told to the server as a bound value so that it stands in no statement text.
select set_config('insta.login_password', %(password)s, false);

-- name: apply_login_password
-- Takes the password just told and gives it to the login role.
do $$
begin
  execute format('alter role insta_login password %L', current_setting('insta.login_password'));
end
$$;

-- name: find_database
-- Whether our database exists.
select from pg_database where datname = 'insta_voice';

-- name: create_database
-- Our database, empty; migrations fill it.
create database insta_voice;
