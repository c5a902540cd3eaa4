import {
  type Auth,
  confirmPasswordReset,
  signInWithEmailAndPassword,
  verifyPasswordResetCode,
} from '@firebase/auth';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Button, buttonClasses } from '@/components/button';
import { PasswordField } from '@/components/field';
import { Loading } from '@/components/loading';
import { Notice } from '@/components/notice';
import type { Config } from '@/lib/config';
import { DoorFrame } from './door-frame';
import { refusalFor } from './errors';
import { Refused } from './refused';
import { speakerOf, useAttempt } from './use-attempt';

type Props = { auth: Auth; config: Config; oobCode: string };

/** Sets the password of whoever was sent the link, and signs them in with it. */
export function NewPassword({ auth, config, oobCode }: Props) {
  const [password, setPassword] = useState('');
  const { busy, refusal, attempt } = useAttempt(config);
  const navigate = useNavigate();
  const { data: email, error } = useQuery({
    queryKey: ['reset-link', oobCode],
    queryFn: () => verifyPasswordResetCode(auth, oobCode),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!email) return;
    void attempt(async () => {
      await confirmPasswordReset(auth, oobCode, password);
      await signInWithEmailAndPassword(auth, email, password);
      await navigate({ to: '/' });
    });
  };

  if (error) {
    return (
      <DoorFrame config={config} title="This link does not work" lead={null}>
        <Notice>{refusalFor(error, speakerOf(config))?.sentence}</Notice>
        <Link to="/reset-password" className={buttonClasses('primary')}>
          Send a new link
        </Link>
      </DoorFrame>
    );
  }
  return (
    <DoorFrame config={config} title="Choose a new password" lead={email ? `For ${email}.` : null}>
      {email ? (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Refused refusal={refusal} />
          <input type="email" value={email} autoComplete="username" readOnly hidden />
          <PasswordField
            label="New password"
            required
            autoComplete="new-password"
            minLength={6}
            value={password}
            onChange={setPassword}
            hint="At least 6 characters."
          />
          <Button type="submit" kind="primary" disabled={busy}>
            {busy ? 'Saving…' : 'Save and sign in'}
          </Button>
        </form>
      ) : (
        <Loading what="your link" />
      )}
    </DoorFrame>
  );
}
