-- Run once by the Postgres image, in the new database, as its owner: the login of the running parts. It can become
-- insta_app or insta_jobs, inherits nothing from either, and can neither change the schema nor pass policies by.
\set password `cat "$INSTA_LOGIN_PASSWORD_FILE"`

create role insta_app nologin nosuperuser nobypassrls;
create role insta_jobs nologin nosuperuser nobypassrls;
create role insta_login login noinherit nosuperuser nobypassrls nocreatedb nocreaterole password :'password';
grant insta_app, insta_jobs to insta_login with inherit false, set true;
