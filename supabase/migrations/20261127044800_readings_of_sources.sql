-- A source that is being read says how far that is, and whoever reads it that it lives: a reading that is killed is soon
-- taken up again, and one that takes hours is not taken for dead.

alter table public.knowledge_sources
  add column claimed_at timestamptz,  -- whose reading it is; null outside of one
  add column pages_done integer check (pages_done >= 0),
  add column pages_total integer check (pages_total >= 0);
