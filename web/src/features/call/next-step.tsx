import { useEffect, useState } from 'react';
import { Button, buttonClasses } from '@/components/button';
import { contactHref } from '@/components/contact';
import { useIdentity } from '@/lib/identity';
import { waitInWords } from '@/lib/problem';
import type { Ending } from './endings';

type Props = { ending: Ending; talked: boolean; contact: string; onAgain: () => void; onStart: () => void };

/** The way on: first what helps after this ending, then the other way. */
export function NextStep({ ending, talked, contact, onAgain, onStart }: Props) {
  const identity = useIdentity();
  const left = useCountdown(ending.retryAfterS ?? 0);

  if (ending.way === 'sign_in') {
    return (
      <Steps>
        <Button kind="primary" onClick={() => void identity.signOut().finally(onStart)}>
          Sign in again
        </Button>
      </Steps>
    );
  }
  if (ending.way === 'reload') {
    return (
      <Steps>
        <Button kind="primary" onClick={() => window.location.reload()}>
          Reload
        </Button>
      </Steps>
    );
  }
  if (ending.way === 'write') {
    const href = contactHref(contact);
    return (
      <Steps>
        {href ? (
          <a href={href} className={buttonClasses('primary')}>
            Write to us
          </a>
        ) : null}
        <Button onClick={() => void identity.signOut()}>Sign in with another account</Button>
        <Button kind="quiet" onClick={onStart}>
          Back to start
        </Button>
      </Steps>
    );
  }
  if (talked) {
    return (
      <Steps>
        <Button kind="primary" onClick={onStart}>
          Back to start
        </Button>
        <Button onClick={onAgain} disabled={left > 0}>
          Call again
        </Button>
      </Steps>
    );
  }
  return (
    <Steps>
      <Button kind="primary" onClick={onAgain} disabled={left > 0}>
        {left > 0 ? `Try again ${waitInWords(left)}` : 'Try again'}
      </Button>
      <Button onClick={onStart}>Back to start</Button>
    </Steps>
  );
}

const Steps = ({ children }: { children: React.ReactNode }) => (
  <div className="flex flex-wrap gap-3">{children}</div>
);

function useCountdown(seconds: number): number {
  const [until] = useState(() => Date.now() + seconds * 1000);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (now >= until) return;
    const timer = setTimeout(() => setNow(Date.now()), 1000);
    return () => clearTimeout(timer);
  }, [now, until]);
  return Math.max(0, Math.ceil((until - now) / 1000));
}
