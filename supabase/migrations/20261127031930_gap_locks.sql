-- A gap whose question goes while another's comes. The transaction that deletes waits for the one that adds, and a
-- statement that has waited still has its old snapshot: it would take the gap out with a question that it does not see,
-- or leave a centre without it. So each first waits for the gaps; in a volatile function the statements after that see
-- what was done meanwhile.
create or replace function insta.keep_gaps() returns trigger
language plpgsql volatile security definer
set search_path = pg_catalog, public, extensions, pg_temp
as $$
begin
  perform from knowledge_gaps g
    where g.gap_id in (select t.gap_id from touched t)
    order by g.gap_id  -- two that touch the same gaps wait for each other in one order
    for update;  -- also waits for who has put a question into it and not come to this yet
  update knowledge_gaps g set centre = there.centre
    from (select q.gap_id, avg(q.embedding) as centre from gap_questions q
           where q.gap_id in (select t.gap_id from touched t) group by q.gap_id) there
   where g.gap_id = there.gap_id;
  delete from knowledge_gaps g
   where g.gap_id in (select t.gap_id from touched t)
     and not exists (select from gap_questions q where q.gap_id = g.gap_id);
  return null;
end
$$;
