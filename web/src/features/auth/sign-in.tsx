import type { Auth } from '@firebase/auth';
import { signInWithEmailAndPassword } from '@firebase/auth';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/button';
import { Notice } from '@/components/notice';
import type { Config, DemoUser } from '@/lib/config';
import { DemoLogins } from './demo-logins';
import { signInSentence } from './errors';
import { GoogleButton } from './google-button';

const FIELD = 'min-h-11 w-full rounded-8 border border-edge bg-raised px-4 text-17 text-ink';

export function SignIn({ auth, config }: { auth: Auth; config: Config }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const attempt = async (how: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    try {
      await how();
    } catch (error) {
      setProblem(signInSentence(error));
    } finally {
      setBusy(false);
    }
  };
  const withPassword = (user: Pick<DemoUser, 'email' | 'password'>) =>
    attempt(() => signInWithEmailAndPassword(auth, user.email, user.password));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void withPassword({ email: email.trim(), password });
  };

  return (
    <main className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center gap-8 px-4 py-12">
      <header className="flex flex-col gap-2">
        <h1 className="text-32">{config.company_name} support</h1>
        <p className="text-17 text-muted">Sign in to talk to us.</p>
      </header>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {problem ? <Notice>{problem}</Notice> : null}
        <label className="flex flex-col gap-1 font-medium">
          Email
          <input
            type="email"
            required
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            className={FIELD}
          />
        </label>
        <label className="flex flex-col gap-1 font-medium">
          Password
          <input
            type="password"
            required
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            className={FIELD}
          />
        </label>
        <Button type="submit" kind="primary" disabled={busy}>
          {busy ? 'Signing in…' : 'Sign in'}
        </Button>
        {config.google_sign_in ? <GoogleButton auth={auth} busy={busy} attempt={attempt} /> : null}
      </form>
      {config.demo && config.demo_users?.length ? (
        <DemoLogins users={config.demo_users} busy={busy} onPick={(user) => void withPassword(user)} />
      ) : null}
    </main>
  );
}
