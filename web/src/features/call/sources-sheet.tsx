import { ChevronUp, FileText, X } from 'lucide-react';
import { useRef } from 'react';
import { byArticle } from '@/lib/calls';
import { SourceList } from './sources-panel';
import type { SourceGroup } from './transcript';

/** Phone: the newest source in one line above the controls; a tap brings all of them up from below. */
export function SourcesSheet({ groups }: { groups: SourceGroup[] }) {
  const sheet = useRef<HTMLDialogElement>(null);
  const newest = groups.at(-1)?.sources[0];
  if (!newest) return null;
  const count = byArticle(groups.flatMap((group) => group.sources)).length;
  return (
    <div className="lg:hidden">
      <button
        type="button"
        key={newest.article_id}
        aria-haspopup="dialog"
        onClick={() => sheet.current?.showModal()}
        className="rise flex min-h-11 w-full items-center gap-3 rounded-16 border border-line bg-raised px-4 py-2 text-left shadow-one"
      >
        <FileText aria-hidden size={20} strokeWidth={1.75} className="shrink-0 text-accent" />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-15 font-medium">{newest.title}</span>
          <span className="block truncate text-13 text-muted">{newest.quote}</span>
        </span>
        <span className="inline-flex shrink-0 items-center gap-1 text-13 text-muted">
          {count}
          <span className="sr-only"> {count === 1 ? 'source' : 'sources'}, show all</span>
          <ChevronUp aria-hidden size={16} strokeWidth={1.75} />
        </span>
      </button>
      <dialog ref={sheet} aria-labelledby="sheet-title" className="sheet bg-surface text-ink shadow-one">
        <div className="flex items-center justify-between pb-2">
          <h2 id="sheet-title" className="text-17">
            Sources
          </h2>
          <button
            type="button"
            aria-label="Close"
            onClick={() => sheet.current?.close()}
            className="grid size-11 place-items-center rounded-8 text-muted hover:text-ink"
          >
            <X aria-hidden size={20} strokeWidth={1.75} />
          </button>
        </div>
        <SourceList groups={groups} />
      </dialog>
    </div>
  );
}
