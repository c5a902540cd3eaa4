import { createUserWithEmailAndPassword } from '@firebase/auth';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/button';
import { Field, PasswordField } from '@/components/field';
import { aloneLink } from '@/components/text-link';
import type { Config } from '@/lib/config';
import type { DoorProps } from './door';
import { DoorFrame } from './door-frame';
import { GoogleButton } from './google-button';
import { Refused } from './refused';
import { useAttempt } from './use-attempt';
import { sendVerification } from './verification';

/** Firebase's own least; a project may ask for more and then says so. */
const SHORTEST_PASSWORD = 6;

/** Who may have an account, in one sentence. */
export function whoMaySignUp({ signup, company }: Pick<Config, 'signup' | 'company'>): string {
  switch (signup) {
    case 'known':
      return `For customers of ${company.name}: use the email address ${company.name} knows you by.`;
    case 'domains':
      return `For the companies ${company.name} works with: use your address at yours.`;
    case 'open':
      return 'Open to everyone: any email address of yours will do.';
  }
}

export function SignUp({ auth, config, email, onEmail }: DoorProps) {
  const [password, setPassword] = useState('');
  const { busy, refusal, attempt } = useAttempt(config);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      const { user } = await createUserWithEmailAndPassword(auth, email.trim(), password);
      // The page goes on at once; whether the mail went out is said where it is waited for.
      void sendVerification(user, config);
    });
  };

  return (
    <DoorFrame config={config} title="Create an account" lead={whoMaySignUp(config)}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Refused refusal={refusal} here="sign-up" />
        <Field
          label="Email"
          type="email"
          required
          autoComplete="username"
          value={email}
          onChange={onEmail}
          hint="We send a link there to confirm that the address is yours."
        />
        <PasswordField
          label="Password"
          required
          autoComplete="new-password"
          minLength={SHORTEST_PASSWORD}
          value={password}
          onChange={setPassword}
          hint={`At least ${SHORTEST_PASSWORD} characters.`}
        />
        <Button type="submit" kind="primary" disabled={busy}>
          {busy ? 'Creating your account…' : 'Create account'}
        </Button>
        {config.google_sign_in ? <GoogleButton auth={auth} busy={busy} attempt={attempt} /> : null}
        <p>
          <Link to="/" className={aloneLink}>
            Sign in instead
          </Link>
        </p>
      </form>
    </DoorFrame>
  );
}
