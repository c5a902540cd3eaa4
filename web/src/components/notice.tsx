import clsx from 'clsx';
import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode } from 'react';

const WASHES = { bad: 'bg-bad-wash', warn: 'bg-warn-wash', plain: 'bg-accent-wash' } as const;
const INKS = { bad: 'text-bad', warn: 'text-warn', plain: 'text-accent' } as const;

type Props = { tone?: keyof typeof WASHES; children: ReactNode; action?: ReactNode };

/** What went wrong or is worth knowing, and what to do, where it happened. */
export function Notice({ tone = 'bad', children, action }: Props) {
  const Icon = tone === 'bad' ? CircleAlert : Info;
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={clsx(
        'rise flex flex-wrap items-start gap-x-3 gap-y-2 rounded-8 px-4 py-3 text-15',
        WASHES[tone],
      )}
    >
      <Icon aria-hidden size={16} strokeWidth={1.75} className={clsx('mt-1 shrink-0', INKS[tone])} />
      <div className="min-w-0 grow basis-48">{children}</div>
      {action}
    </div>
  );
}
