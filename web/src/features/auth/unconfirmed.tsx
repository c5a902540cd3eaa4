import { Link } from '@tanstack/react-router';
import { aloneLink } from '@/components/text-link';
import { useIdentity } from '@/lib/identity';

/** A line for those who were let in without it: only a confirmed address brings what the company knows of them. */
export function Unconfirmed() {
  const { email, emailVerified } = useIdentity();
  if (!email || emailVerified) return null;
  return (
    <aside
      aria-label="Your email"
      className="flex flex-wrap items-center justify-center gap-x-2 bg-accent-wash px-4 text-center"
    >
      Your email is not confirmed yet.
      <Link to="/me" className={aloneLink}>
        Confirm it
      </Link>
      so that the assistant knows your account.
    </aside>
  );
}
