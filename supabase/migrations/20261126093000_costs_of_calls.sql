-- What each turn used of the models and what that cost; the cost of a call is the sum, kept in its row. A cost is not
-- known where a price is missing: the amount is then of what has one.

alter table public.call_turns
  add column usage jsonb not null default '[]' check (jsonb_typeof(usage) = 'array'),
  add column cost_usd numeric not null default 0 check (cost_usd >= 0 and cost_usd < 'Infinity'),
  add column cost_known boolean not null default false;  -- of turns from before it was counted, nobody knows
alter table public.calls
  add column usage jsonb not null default '[]' check (jsonb_typeof(usage) = 'array'),  -- of which no turn has it
  add column cost_usd numeric not null default 0 check (cost_usd >= 0 and cost_usd < 'Infinity'),
  add column cost_known boolean not null default false;
alter table public.calls alter column cost_known set default true;  -- a new call has used nothing yet

-- However a turn is written, and once for each: what a person's own work could change would count nothing.
create function insta.add_cost_to_call() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.calls
     set cost_usd = cost_usd + new.cost_usd, cost_known = cost_known and new.cost_known
   where call_id = new.call_id;
  return null;
end
$$;
select insta.protect_function('insta.add_cost_to_call()');
create trigger add_cost_to_call after insert on public.call_turns
  for each row when (new.cost_usd > 0 or not new.cost_known) execute function insta.add_cost_to_call();
