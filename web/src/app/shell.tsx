import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { Admission } from '@/features/account/admission';
import { ConfirmEmail } from '@/features/auth/confirm-email';
import { SignedIn } from '@/features/auth/gate';
import { Unconfirmed } from '@/features/auth/unconfirmed';
import { configQuery } from '@/lib/config';
import { Footer } from './footer';
import { Header } from './header';
import { useInCall } from './in-call';
import { useArrival } from './use-arrival';
import { useTheme } from './use-theme';
import { useTitle } from './use-title';

/** Links of mails are opened by whoever has the mail, signed in or not. */
const OPEN_TO_ALL = ['/account-link'];

/** What surrounds every page. During a call it steps back: there is one thing to do. */
export function Shell() {
  const { data: config } = useSuspenseQuery(configQuery);
  const path = useLocation({ select: (location) => location.pathname });
  const { inCall } = useInCall();
  useTheme(config.company.accent);
  useArrival(path);
  useTitle(path, config.company.name);

  if (OPEN_TO_ALL.includes(path)) return <Outlet />;
  return (
    <SignedIn config={config} hold={inCall}>
      <Admission config={config} confirmEmail={<ConfirmEmail config={config} />} inCall={inCall}>
        {inCall ? null : <Header company={config.company} />}
        <div id="content" tabIndex={-1} className="flex flex-1 flex-col outline-none">
          {inCall || path === '/me' ? null : <Unconfirmed />}
          <Outlet />
        </div>
        {inCall ? null : <Footer config={config} />}
      </Admission>
    </SignedIn>
  );
}
