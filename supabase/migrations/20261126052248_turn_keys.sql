-- A turn is told from another by the key its agent gave it; its number is given by the record. Two agents of one call,
-- each sure of the next number, lose nothing then: whoever writes second gets the number after.

alter table public.call_turns
  add column key uuid not null default gen_random_uuid(),
  add unique (call_id, key);
