import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { LogOut } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '@/components/button';
import { SignedIn } from '@/features/auth/gate';
import { configQuery } from '@/lib/config';
import { useIdentity } from '@/lib/identity';
import { useInCall } from './in-call';

/** What surrounds every page. During a call it steps back: there is one thing to do. */
export function Shell() {
  const { data: config } = useSuspenseQuery(configQuery);
  useEffect(() => {
    document.title = `${config.company_name} support`;
  }, [config.company_name]);
  return (
    <SignedIn config={config}>
      <Header company={config.company_name} />
      <Outlet />
    </SignedIn>
  );
}

function Header({ company }: { company: string }) {
  const identity = useIdentity();
  const { inCall } = useInCall();
  if (inCall) return null;
  return (
    <header className="flex items-center justify-between gap-4 border-b border-line px-4 py-2">
      <Link to="/" className="inline-flex min-h-11 items-center font-semibold">
        {company}
      </Link>
      <div className="flex min-w-0 items-center gap-2">
        <span className="hidden min-w-0 truncate text-13 text-muted sm:inline">{identity.email}</span>
        <Button kind="quiet" onClick={() => void identity.signOut()}>
          <LogOut aria-hidden size={16} strokeWidth={1.75} />
          Sign out
        </Button>
      </div>
    </header>
  );
}
