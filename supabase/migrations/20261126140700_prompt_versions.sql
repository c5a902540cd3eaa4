-- With which prompts a call was held: a digest of what its mind was told and the app said (agent/prompt_version.py).

alter table public.calls add column prompt_version text;  -- null: no agent came, or it did not say
grant update (prompt_version) on public.calls to insta_app;
