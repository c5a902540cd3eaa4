import type { ReactNode } from 'react';

type Props = { title: string; children: ReactNode; action?: ReactNode };

/** What this is, why it is empty, and the one thing to do. */
export function EmptyState({ title, children, action }: Props) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-4 py-16 text-center">
      <h1 className="text-24">{title}</h1>
      <p className="text-17 text-muted">{children}</p>
      {action}
    </div>
  );
}
