-- name: applied_migrations
-- The versions that have been applied, by our runner or by `supabase db push`.
select version from insta.applied_migrations() as version
