import * as Dialog from '@radix-ui/react-dialog';
import { ChevronUp, FileText, X } from 'lucide-react';
import { SourceList } from './sources-panel';
import type { SourceGroup } from './transcript';

/** Phone: the newest source in one line above the controls; a tap brings all of them up from below. */
export function SourcesSheet({ groups }: { groups: SourceGroup[] }) {
  const newest = groups.at(-1)?.sources[0];
  if (!newest) return null;
  const count = groups.reduce((sum, group) => sum + group.sources.length, 0);
  return (
    <Dialog.Root>
      <Dialog.Trigger
        key={newest.article_id}
        className="rise flex min-h-11 w-full items-center gap-3 rounded-16 border border-line bg-raised px-4 py-2 text-left shadow-one lg:hidden"
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
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 bg-[oklch(0_0_0/0.4)] lg:hidden" />
        <Dialog.Content
          aria-describedby={undefined}
          className="sheet fixed inset-x-0 bottom-0 flex max-h-[80dvh] flex-col rounded-t-16 bg-surface p-4 shadow-one lg:hidden"
        >
          <div className="flex items-center justify-between pb-2">
            <Dialog.Title className="text-17">Sources</Dialog.Title>
            <Dialog.Close
              className="grid size-11 place-items-center rounded-8 text-muted hover:text-ink"
              aria-label="Close"
            >
              <X aria-hidden size={20} strokeWidth={1.75} />
            </Dialog.Close>
          </div>
          <div className="min-h-0 overflow-y-auto pb-6">
            <SourceList groups={groups} />
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
