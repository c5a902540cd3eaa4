-- Empty on purpose: the demo company, its articles and its people exist only in the embedded default, and
-- `insta-voice up` puts them there. A Supabase project starts with nobody in it.
select 1;
