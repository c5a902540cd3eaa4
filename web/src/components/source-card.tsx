import clsx from 'clsx';
import { ArrowUpRight } from 'lucide-react';
import { Fragment } from 'react';
import type { CitedArticle } from '@/lib/calls';
import { sourceUrl } from '@/lib/safe-url';

type Props = { source: CitedArticle; quiet?: boolean };

/** One article as evidence: title, version, the exact sentences under their headings, open. It opens beside the call,
 * never in its place. */
export function SourceCard({ source, quiet = false }: Props) {
  const href = sourceUrl(source);
  return (
    <article
      data-source={source.article_id}
      className={clsx(
        'rise rounded-16 border border-line p-4',
        quiet ? 'bg-transparent' : 'bg-raised shadow-one',
      )}
    >
      <p className="text-15 font-semibold">{source.title}</p>
      {source.version ? <p className="text-13 text-muted">Version {source.version}</p> : null}
      {source.passages.map(({ heading, quotes }) => (
        <Fragment key={heading}>
          {heading ? <p className="mt-2 text-13 text-muted">{heading}</p> : null}
          {quotes.map((quote) => (
            <blockquote key={quote} className="mt-2 border-l-2 border-accent pl-3 text-15 text-muted">
              {quote}
            </blockquote>
          ))}
        </Fragment>
      ))}
      {href ? (
        <a
          href={href}
          target="_blank"
          rel="noreferrer"
          className="-mb-2 mt-1 inline-flex min-h-11 items-center gap-1 text-15 font-medium text-accent underline-offset-4 hover:underline"
        >
          Open<span className="sr-only"> “{source.title}” in a new tab</span>
          <ArrowUpRight aria-hidden size={16} strokeWidth={1.75} />
        </a>
      ) : null}
    </article>
  );
}
