-- The language a call was asked for in, by its code (languages.py): kept with the right to it, so that an agent that
-- takes a call over, or comes late, knows it too.

alter table public.call_reservations
  add column language text check (language ~ '^[a-z]{2}$');  -- null: nobody said, the company's own
