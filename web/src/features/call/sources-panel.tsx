import { SourceCard } from '@/components/source-card';
import { byArticle } from '@/lib/calls';
import type { SourceGroup } from './transcript';

/** Desktop: the evidence beside the conversation, newest first, the earlier ones quieter. */
export function SourcesPanel({ groups }: { groups: SourceGroup[] }) {
  return (
    <aside aria-label="Sources" className="hidden min-h-0 flex-col border-l border-line lg:flex">
      <h2 className="px-6 pb-2 pt-6 text-13 text-muted">Sources</h2>
      <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-6">
        <SourceList groups={groups} />
      </div>
    </aside>
  );
}

export function SourceList({ groups }: { groups: SourceGroup[] }) {
  if (groups.length === 0) {
    return <p className="text-15 text-muted">The articles behind an answer appear here as it is given.</p>;
  }
  return (
    <ol className="flex flex-col gap-4">
      {groups.toReversed().map((group, age) =>
        byArticle(group.sources).map((source) => (
          <li key={`${group.turn}-${source.key}`}>
            <SourceCard source={source} quiet={age > 0} />
          </li>
        )),
      )}
    </ol>
  );
}
