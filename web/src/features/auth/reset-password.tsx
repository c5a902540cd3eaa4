import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/button';
import { Contact } from '@/components/contact';
import { Field } from '@/components/field';
import { aloneLink } from '@/components/text-link';
import { DemoMail } from './demo-mail';
import type { DoorProps } from './door';
import { DoorFrame } from './door-frame';
import { Refused } from './refused';
import { useAttempt } from './use-attempt';
import { useSecondsLeft } from './use-seconds-left';
import { PAUSE_S, sendReset } from './verification';

/** Asks for the link with which a new password is set. Whether there is an account is not told. */
export function ResetPassword({ auth, config, email, onEmail }: DoorProps) {
  const { busy, refusal, attempt } = useAttempt(config);
  const [sent, setSent] = useState<{ to: string; at: number } | null>(null);
  const left = useSecondsLeft(sent ? sent.at + PAUSE_S * 1000 : 0);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const to = email.trim();
    void attempt(async () => {
      await sendReset(auth, to);
      setSent({ to, at: Date.now() });
    });
  };
  const again = left > 0 && sent?.to === email.trim();

  return (
    <DoorFrame config={config} title="Set a new password" lead="We mail you a link to choose it.">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Refused refusal={refusal} here="reset-password" />
        {sent ? (
          <div role="status" className="rise flex flex-col gap-2 rounded-8 bg-accent-wash px-4 py-3">
            <p>
              If <strong className="font-semibold break-words">{sent.to}</strong> has an account, a link is on
              its way. It works for an hour.
            </p>
            <p className="text-muted">
              Nothing there? Look in your spam folder, or write to{' '}
              <Contact contact={config.company.support_contact} />.
            </p>
            <DemoMail config={config} kind="PASSWORD_RESET" email={sent.to} sentAt={sent.at} />
          </div>
        ) : null}
        <Field label="Email" type="email" required autoComplete="username" value={email} onChange={onEmail} />
        <Button type="submit" kind="primary" disabled={busy || again}>
          {again ? `Send again in ${left} s` : sent ? 'Send again' : 'Send the link'}
        </Button>
        <p>
          <Link to="/" className={aloneLink}>
            Back to sign-in
          </Link>
        </p>
      </form>
    </DoorFrame>
  );
}
