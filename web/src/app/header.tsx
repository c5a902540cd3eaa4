import { Link } from '@tanstack/react-router';
import { LogOut, UserRound } from 'lucide-react';
import { Button, buttonClasses } from '@/components/button';
import { CompanyName } from '@/components/company-name';
import type { Company } from '@/lib/config';
import { useIdentity } from '@/lib/identity';

/** Whose page this is, and whose account. */
export function Header({ company }: { company: Company }) {
  const identity = useIdentity();
  const icon = { 'aria-hidden': true, size: 16, strokeWidth: 1.75 } as const;
  return (
    <header className="flex flex-wrap items-center justify-between gap-x-4 border-b border-line px-4 py-2">
      <a
        href="#content"
        className="sr-only rounded-8 bg-raised px-4 py-3 focus:not-sr-only focus:absolute focus:z-10"
      >
        Skip to the page
      </a>
      <Link to="/" className="inline-flex min-h-11 min-w-0 items-center wrap-anywhere font-semibold">
        <CompanyName company={company} />
      </Link>
      <nav aria-label="Account" className="-mr-4 flex min-w-0 flex-wrap items-center sm:mr-0">
        <span className="hidden min-w-0 truncate px-2 text-13 text-muted md:inline">{identity.email}</span>
        <Link to="/me" className={buttonClasses('quiet')}>
          <UserRound {...icon} />
          Your data
        </Link>
        <Button kind="quiet" onClick={() => void identity.signOut()}>
          <LogOut {...icon} />
          Sign out
        </Button>
      </nav>
    </header>
  );
}
