-- name: enter
-- Becomes a role with a person's claims for the rest of the transaction, in one statement, so that it holds
-- behind a pooler that hands the session to someone else afterwards.
select set_config('role', %(role)s, true),
       set_config('request.jwt.claims', %(claims)s, true),
       set_config('search_path', 'public, extensions, procrastinate, pg_temp', true);
