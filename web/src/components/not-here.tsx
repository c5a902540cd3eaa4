import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonClasses } from './button';
import { EmptyState } from './empty-state';

type Props = { title: string; children: ReactNode; way?: string };

/** A page in place of what an address names and this visitor cannot have; `way` names the button to the start. */
export function NotHere({ title, children, way = 'Back to start' }: Props) {
  return (
    <main>
      <EmptyState
        title={title}
        action={
          <Link to="/" className={buttonClasses('primary')}>
            {way}
          </Link>
        }
      >
        {children}
      </EmptyState>
    </main>
  );
}
