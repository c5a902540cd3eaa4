-- name: wait_no_longer
-- For a lock, until this transaction ends: the server frees that of a run that has ended a moment later.
set local lock_timeout = '2s';

-- name: lock
-- One run at a time on a server: they share the name of the scratch database. Held until the connection ends.
select pg_advisory_lock(7305142036512);

-- name: create_database
-- The scratch database, empty.
create database insta_voice_evals;

-- name: drop_database
-- The scratch database, also one that a killed run has left.
drop database if exists insta_voice_evals with (force);

-- name: only_read
-- The rest of the transaction changes nothing.
set transaction read only;

-- name: rows
-- Each row that a conversation could change beside its own record, as a digest.
select 'user_profiles' as place, md5(t::text) as content from user_profiles t
union all select 'known_people', md5(t::text) from known_people t
union all select 'interaction_summaries', md5(t::text) from interaction_summaries t
union all select 'tickets', md5(t::text) from tickets t
union all select 'call_ratings', md5(t::text) from call_ratings t
union all select 'erasures', md5(t::text) from erasures t
union all select 'knowledge_articles', md5(t::text) from knowledge_articles t;
