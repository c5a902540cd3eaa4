import type { ReactNode } from 'react';

/** Names and what stands for them, a line each; lines without a value are left out. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return (
    <dl className="grid grid-cols-[minmax(0,1fr)] gap-x-6 sm:grid-cols-[minmax(0,1fr)_minmax(0,3fr)] sm:gap-y-2">
      {known.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="pt-2 text-13 text-muted sm:pt-0 sm:text-15">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
