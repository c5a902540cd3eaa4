import { signInWithEmailAndPassword } from '@firebase/auth';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/button';
import { Field, PasswordField } from '@/components/field';
import { Notice } from '@/components/notice';
import { aloneLink } from '@/components/text-link';
import type { DemoUser } from '@/lib/config';
import { DemoLogins } from './demo-logins';
import type { DoorProps } from './door';
import { DoorFrame } from './door-frame';
import { GoogleButton } from './google-button';
import { Refused } from './refused';
import { useAttempt } from './use-attempt';

export function SignIn({ auth, config, email, onEmail, farewell }: DoorProps & { farewell: string }) {
  const [password, setPassword] = useState('');
  const { busy, refusal, attempt } = useAttempt(config);

  const withPassword = (user: Pick<DemoUser, 'email' | 'password'>) =>
    void attempt(() => signInWithEmailAndPassword(auth, user.email, user.password));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    withPassword({ email: email.trim(), password });
  };

  return (
    <DoorFrame config={config} title={`${config.company.name} support`} lead="Sign in to talk to us.">
      <form onSubmit={submit} className="flex flex-col gap-4">
        {farewell && !refusal ? <Notice tone="plain">{farewell}</Notice> : null}
        <Refused refusal={refusal} here="sign-in" />
        <Field label="Email" type="email" required autoComplete="username" value={email} onChange={onEmail} />
        <PasswordField
          label="Password"
          required
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
        />
        <Button type="submit" kind="primary" disabled={busy}>
          {busy ? 'Signing in…' : 'Sign in'}
        </Button>
        {config.google_sign_in ? <GoogleButton auth={auth} busy={busy} attempt={attempt} /> : null}
        <p className="flex flex-wrap justify-between gap-x-4">
          <Link to="/sign-up" className={aloneLink}>
            Create an account
          </Link>
          <Link to="/reset-password" className={aloneLink}>
            Forgot your password?
          </Link>
        </p>
      </form>
      {config.demo && config.demo_users?.length ? (
        <DemoLogins users={config.demo_users} busy={busy} onPick={withPassword} />
      ) : null}
    </DoorFrame>
  );
}
