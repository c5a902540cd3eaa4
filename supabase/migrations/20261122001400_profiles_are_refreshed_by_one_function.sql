-- A profile is brought up to date by ensure_user_profile, which runs as insta_jobs. Who answers callers cannot mark an
-- address as verified, which roles and imports go by.
revoke update (email, email_verified, name, last_seen_at) on public.user_profiles from insta_app;
