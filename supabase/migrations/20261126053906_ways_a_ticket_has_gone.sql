-- A ticket may go by webhook and by mail. Which of them has brought it is kept, so that one that fails repeats the
-- other for nobody; `delivered_at` is when the last of them did.

alter table public.tickets
  add column delivered_by text[] not null default '{}' check (delivered_by <@ array['webhook', 'mail']);
