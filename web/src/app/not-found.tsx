import { Link } from '@tanstack/react-router';
import { buttonClasses } from '@/components/button';
import { EmptyState } from '@/components/empty-state';

export function NotFound() {
  return (
    <main>
      <EmptyState
        title="There is no page here"
        action={
          <Link to="/" className={buttonClasses('primary')}>
            Back to start
          </Link>
        }
      >
        The address may be old or mistyped.
      </EmptyState>
    </main>
  );
}
