-- What the articles were asked for an answer, and how sure it was that they answer it: what was asked in vain is found
-- from that afterwards.

alter table public.call_turns
  add column searches jsonb not null default '[]' check (jsonb_typeof(searches) = 'array');
