import type { ReactNode } from 'react';
import { CompanyName } from '@/components/company-name';
import { PrivacyNote } from '@/components/privacy-note';
import type { Config } from '@/lib/config';

type Props = { config: Config; title: string; lead: ReactNode; children: ReactNode };

/** What surrounds every form before the sign-in: who asks, what for, and what will be stored. */
export function DoorFrame({ config, title, lead, children }: Props) {
  return (
    <main
      id="content"
      tabIndex={-1}
      className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center gap-8 px-4 py-12 outline-none"
    >
      <header className="flex flex-col gap-2">
        {config.company.logo_url ? (
          <p className="pb-4 text-20 font-semibold">
            <CompanyName company={config.company} />
          </p>
        ) : null}
        <h1 className="text-32">{title}</h1>
        <div className="text-17 text-muted">{lead}</div>
      </header>
      {children}
      <footer className="border-t border-line pt-6">
        <PrivacyNote config={config} />
      </footer>
    </main>
  );
}
