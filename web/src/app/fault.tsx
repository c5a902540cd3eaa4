import { Button } from '@/components/button';
import { EmptyState } from '@/components/empty-state';
import { sentenceFor } from '@/lib/problem';

/** Shown in place of a page that could not be drawn. */
export function Fault({ error }: { error: unknown }) {
  return (
    <main>
      <EmptyState
        title="This page could not be shown"
        action={
          <Button kind="primary" onClick={() => window.location.reload()}>
            Reload
          </Button>
        }
      >
        {sentenceFor(error)}
      </EmptyState>
    </main>
  );
}
