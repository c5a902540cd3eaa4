import type { DemoUser } from '@/lib/config';

type Props = { users: DemoUser[]; busy: boolean; onPick: (user: DemoUser) => void };

/** The demo installation offers its accounts to click. */
export function DemoLogins({ users, busy, onPick }: Props) {
  return (
    <section aria-labelledby="demo-logins" className="flex flex-col gap-2 border-t border-line pt-6">
      <h2 id="demo-logins" className="text-13 font-medium text-muted">
        Demo accounts
      </h2>
      <ul className="-mx-3 flex flex-col">
        {users.map((user) => (
          <li key={user.email}>
            <button
              type="button"
              disabled={busy}
              onClick={() => onPick(user)}
              className="flex min-h-11 w-full items-center justify-between gap-4 rounded-8 px-3 py-2 text-left hover:bg-accent-wash disabled:opacity-60"
            >
              <span className="min-w-0 break-words">{user.email}</span>
              <span className="shrink-0 text-13 text-muted">{user.role}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
