-- name: chunks
-- Every chunk with its article's name, its length in words and its vector.
select c.id, a.external_id as article, c.length, e.embedding::real[] as vector
from knowledge_chunks c
join knowledge_articles a on a.id = c.article_id
join chunk_embeddings e on e.chunk_id = c.id and e.model = %(model)s
order by c.id

-- name: sentences
-- The vectors of all sentences.
select chunk_id as id, embedding::real[] as vector from sentence_embeddings where model = %(model)s order by chunk_id

-- name: words
-- The postings of the chunks.
select term, chunk_id as place, frequency from chunk_terms

-- name: title_words
-- The postings of the titles, and how long those are.
select t.term, a.external_id as place, t.frequency, a.title_length as length
from title_terms t join knowledge_articles a on a.id = t.article_id

-- name: lexemes
-- The words of a question, as the postings have them.
select term from insta.lexemes(%(question)s)
