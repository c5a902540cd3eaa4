-- name: find
-- Which of these people have signed in here.
select user_id from user_profiles where user_id = any(%(user_ids)s) order by user_id;
