import { Link } from '@tanstack/react-router';
import { Notice } from '@/components/notice';
import { textLink } from '@/components/text-link';
import type { Refusal, Way } from './errors';

const WAYS: Record<NonNullable<Way>, { to: '/' | '/sign-up' | '/reset-password'; words: string }> = {
  'sign-in': { to: '/', words: 'Sign in' },
  'sign-up': { to: '/sign-up', words: 'Create an account' },
  'reset-password': { to: '/reset-password', words: 'Set a new password' },
};

/** What the sign-in service refused, with the way on. */
export function Refused({ refusal, here }: { refusal: Refusal | null; here?: Way }) {
  if (!refusal) return null;
  const way = refusal.way && refusal.way !== here ? WAYS[refusal.way] : null;
  return (
    <Notice>
      {refusal.sentence}{' '}
      {way ? (
        <Link to={way.to} className={textLink}>
          {way.words}
        </Link>
      ) : null}
    </Notice>
  );
}
