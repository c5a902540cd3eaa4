-- The sequences of identity columns get Supabase's default grants like tables do. insta.protect_table takes them
-- back; the tables of knowledge close themselves otherwise, because their functions run as the owner.
select insta.revoke_table(format('public.%I', tablename)::regclass)
  from pg_tables
 where schemaname = 'public'
   and tablename in ('knowledge_articles', 'knowledge_chunks', 'chunk_sentences', 'chunk_embeddings',
                     'sentence_embeddings', 'chunk_terms', 'title_terms', 'knowledge_statistics');
