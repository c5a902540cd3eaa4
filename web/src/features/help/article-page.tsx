import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Loading } from '@/components/loading';
import { NotHere } from '@/components/not-here';
import { Notice } from '@/components/notice';
import { request } from '@/lib/api';
import { type Identity, useIdentity } from '@/lib/identity';
import { ApiProblem, sentenceFor } from '@/lib/problem';
import { fullTime, whenInWords } from '@/lib/time';
import { Markdown } from './markdown';

type Article = { article_id: string; title: string; markdown: string; updated_at: string | null };

const articleQuery = (identity: Identity, articleId: string) =>
  queryOptions({
    queryKey: ['article', identity.userId, articleId],
    queryFn: ({ signal }) =>
      request<Article>(`/api/articles/${encodeURIComponent(articleId)}`, {
        idToken: identity.idToken,
        signal,
      }),
  });

/** A part of an address in plain letters; one that nobody encoded ("100%") is that already. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type Props = { articleId: string; quote: string };

export function ArticlePage({ articleId, quote }: Props) {
  const { data: article, error, isPending } = useQuery(articleQuery(useIdentity(), articleId));
  const page = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!article) return;
    const anchor = decoded(window.location.hash.slice(1));
    const target = (anchor && document.getElementById(anchor)) || page.current?.querySelector('mark');
    target?.scrollIntoView({ block: 'center' });
  }, [article]);

  if (error instanceof ApiProblem && error.status === 404) {
    return (
      <NotHere title="This article is not here" way="Talk to support">
        It does not exist, or it is not part of your plan.
      </NotHere>
    );
  }
  return (
    <main ref={page} className="mx-auto flex w-full max-w-2xl flex-col gap-4 px-4 py-12">
      {error ? <Notice>{sentenceFor(error)}</Notice> : null}
      {isPending ? <Loading what="the article" lines={8} /> : null}
      {article ? (
        <>
          <header className="flex flex-col gap-2">
            <h1 className="text-32">{article.title}</h1>
            {article.updated_at ? (
              <p className="text-13 text-muted">
                Updated <time title={fullTime(article.updated_at)}>{whenInWords(article.updated_at)}</time>
              </p>
            ) : null}
          </header>
          <Markdown source={article.markdown} title={article.title} quote={quote} />
        </>
      ) : null}
    </main>
  );
}
