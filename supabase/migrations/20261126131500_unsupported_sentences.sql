-- What a language model said, or was about to say, that nothing it had been given said: left out or taken back.

alter table public.call_turns
  add column unsupported text[] not null default '{}';
