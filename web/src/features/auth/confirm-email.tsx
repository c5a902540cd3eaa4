import type { Auth } from '@firebase/auth';
import { useEffect, useEffectEvent, useState } from 'react';
import { Button } from '@/components/button';
import { Contact } from '@/components/contact';
import { Notice } from '@/components/notice';
import type { Config } from '@/lib/config';
import { useIdentity } from '@/lib/identity';
import { DemoMail } from './demo-mail';
import { firebaseAuth } from './firebase';
import { Refused } from './refused';
import { useAttempt } from './use-attempt';
import { useSecondsLeft } from './use-seconds-left';
import { PAUSE_S, sendVerification, useSending } from './verification';

/** True once the address is confirmed; the new ID token then says so to the server too. */
export async function nowVerified(auth: Auth): Promise<boolean> {
  const user = auth.currentUser;
  if (!user) return false;
  await user.reload();
  if (!user.emailVerified) return false;
  await user.getIdToken(true);
  return true;
}

/** Sends the link, waits for it to be opened, and says what is missing. */
export function ConfirmEmail({ config }: { config: Config }) {
  const auth = firebaseAuth(config.firebase);
  const identity = useIdentity();
  const sending = useSending(identity.userId);
  const left = useSecondsLeft(sending && sending.state !== 'failed' ? sending.at + PAUSE_S * 1000 : 0);
  const { busy, refusal, attempt } = useAttempt(config);
  const [notYet, setNotYet] = useState(false);

  const send = () => {
    setNotYet(false);
    if (auth.currentUser) void sendVerification(auth.currentUser, config);
  };
  const check = () => void attempt(async () => setNotYet(!(await nowVerified(auth))));
  // Whoever comes back from their mail has not to say so.
  const glance = useEffectEvent(() => {
    if (document.visibilityState === 'visible') void nowVerified(auth).catch(() => false);
  });
  useEffect(() => {
    document.addEventListener('visibilitychange', glance);
    return () => document.removeEventListener('visibilitychange', glance);
  }, []);

  const sent = sending?.state === 'sent';
  return (
    <div className="flex flex-col gap-4">
      <div role="status" className="flex flex-col gap-2 text-17">
        {sent ? (
          <p>
            We sent a link to <strong className="font-semibold break-words">{identity.email}</strong>. Open
            it, then come back here.
          </p>
        ) : (
          <p>
            We send a link to <strong className="font-semibold break-words">{identity.email}</strong>. Opening
            it shows that the address is yours.
          </p>
        )}
        {sent ? (
          <p className="text-15 text-muted">
            Nothing there? Look in your spam folder, or write to{' '}
            <Contact contact={config.company.support_contact} />.
          </p>
        ) : null}
        {sent ? (
          <div className="text-15">
            <DemoMail config={config} kind="VERIFY_EMAIL" email={identity.email ?? ''} sentAt={sending.at} />
          </div>
        ) : null}
      </div>
      <Refused refusal={sending?.refusal ?? refusal} />
      {notYet ? (
        <Notice tone="warn">The link has not been opened yet. Open the newest mail, then try again.</Notice>
      ) : null}
      <div className="flex flex-wrap gap-3">
        {sent ? (
          <Button kind="primary" disabled={busy} onClick={check}>
            I have opened it
          </Button>
        ) : null}
        <Button
          kind={sent ? 'secondary' : 'primary'}
          disabled={left > 0 || sending?.state === 'sending'}
          onClick={send}
        >
          {left > 0 ? `Send again in ${left} s` : sending ? 'Send again' : 'Send the link'}
        </Button>
      </div>
    </div>
  );
}
