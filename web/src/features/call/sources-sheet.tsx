import { ChevronUp, FileText } from 'lucide-react';
import { useState } from 'react';
import { Sheet } from '@/components/sheet';
import { byArticle } from '@/lib/calls';
import { SourceList } from './sources-panel';
import type { SourceGroup } from './transcript';

/** Phone: the newest source in one line above the controls; a tap brings all of them up from below. */
export function SourcesSheet({ groups }: { groups: SourceGroup[] }) {
  const [open, setOpen] = useState(false);
  const newest = groups.at(-1)?.sources[0];
  if (!newest) return null;
  const count = byArticle(groups.flatMap((group) => group.sources)).length;
  return (
    <div className="lg:hidden">
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className="flex min-h-11 w-full items-center gap-3 rounded-16 border border-line bg-raised px-4 py-2 text-left shadow-one"
      >
        <FileText aria-hidden size={20} strokeWidth={1.75} className="shrink-0 text-accent" />
        {/* The newest one arrives; the button around it stays, and whoever has the focus on it keeps it. */}
        <span key={newest.article_id} className="rise min-w-0 flex-1">
          <span className="block truncate text-15 font-medium">{newest.title}</span>
          <span className="block truncate text-13 text-muted">{newest.quote}</span>
        </span>
        <span className="inline-flex shrink-0 items-center gap-1 text-13 text-muted">
          {count}
          <span className="sr-only"> {count === 1 ? 'source' : 'sources'}, show all</span>
          <ChevronUp aria-hidden size={16} strokeWidth={1.75} />
        </span>
      </button>
      <Sheet title="Sources" open={open} onClose={() => setOpen(false)}>
        <SourceList groups={groups} />
      </Sheet>
    </div>
  );
}
