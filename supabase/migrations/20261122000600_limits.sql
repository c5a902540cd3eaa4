-- How often a user and a network address may ask for a join token.

create table insta.rate_limits (
  key        text primary key,          -- sha256 of what is limited: no address or uid is kept readable
  hits       timestamptz[] not null,    -- the requests that passed within the window, oldest first
  expires_at timestamptz not null       -- when the last of them leaves the window and the row means nothing
);

create index rate_limits_expiry on insta.rate_limits (expires_at);

select insta.protect_table('insta.rate_limits');

-- Only the owner, and so only the function below, reaches the table.
create policy rate_limits_owner on insta.rate_limits to current_user using (true) with check (true);

-- Takes one from each of several limits, or from none of them.
--
-- For every i, subjects[i] may pass at most allowed[i] times in any `period`. When all pass, each is counted and
-- 0 is returned; otherwise nothing is counted and the seconds are returned after which asking can help. Rows are
-- locked in the order of their keys, so that requests for overlapping subjects wait for each other and never
-- deadlock. `at` is the time of the request.
create function insta.take_from_limits(
  subjects text[], allowed integer[], period interval, at timestamptz default clock_timestamp()
) returns double precision
language plpgsql volatile security definer set search_path = ''
as $$
declare
  since    constant timestamptz := at - period;
  subject  record;
  kept     timestamptz[];
  wait_s   double precision := 0;
begin
  for subject in
    select encode(sha256(convert_to(s.name, 'UTF8')), 'hex') as key, min(s.most) as most
    from unnest(subjects, allowed) as s(name, most)
    group by 1 order by 1
  loop
    insert into insta.rate_limits as r (key, hits, expires_at) values (subject.key, '{}', at)
    on conflict (key) do update set expires_at = r.expires_at   -- locks the row, whoever came first
    returning array(select hit from unnest(r.hits) as hit where hit > since order by hit) into kept;
    if cardinality(kept) >= subject.most then
      -- Passing again takes that so many have left the window that one fits.
      wait_s := greatest(
        wait_s,
        extract(epoch from kept[cardinality(kept) - subject.most + 1] + period - at)::double precision
      );
    end if;
  end loop;

  if wait_s = 0 then
    update insta.rate_limits as r
    set hits = array(select hit from unnest(r.hits) as hit where hit > since order by hit) || at,
        expires_at = at + period
    where r.key in (select encode(sha256(convert_to(name, 'UTF8')), 'hex') from unnest(subjects) as name);
  end if;

  -- A little cleaning with each request keeps the table as small as the last period.
  delete from insta.rate_limits as r
  where r.key in (
    select key from insta.rate_limits where expires_at < since order by expires_at limit 20 for update skip locked
  );
  return wait_s;
end
$$;

select insta.protect_function('insta.take_from_limits(text[], integer[], interval, timestamptz)');
grant execute on function insta.take_from_limits(text[], integer[], interval, timestamptz) to insta_app;
