-- name: take_from_limits
-- Counts one request against every subject's limit, or none when one is used up; returns seconds to wait, 0 to pass.
select insta.take_from_limits(
  %(subjects)s::text[], %(allowed)s::integer[], make_interval(secs => %(period_s)s)
) as wait_s;
