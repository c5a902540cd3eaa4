-- name: find
-- Which of these people have a role beyond a customer's, or are there at all.
select user_id from user_profiles where user_id = any(%(user_ids)s) order by user_id;
