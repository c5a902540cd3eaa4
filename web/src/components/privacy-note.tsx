import type { ReactNode } from 'react';
import type { Config } from '@/lib/config';
import { safeUrl } from '@/lib/safe-url';
import { aloneLink } from './text-link';

/** "for 90 days", or as long as its owner likes. */
export const keptFor = (retentionDays: number): string =>
  retentionDays > 0
    ? `for ${retentionDays} ${retentionDays === 1 ? 'day' : 'days'}, then deleted`
    : 'until you delete it';

/** Said before anything is stored: that it is an AI, what is kept and how long. `children` are further links. */
export function PrivacyNote({ config, children }: { config: Config; children?: ReactNode }) {
  const policy = config.company.privacy_url && safeUrl(config.company.privacy_url);
  return (
    <div className="flex flex-col gap-1 text-13 text-muted">
      <p>
        An AI answers the calls. What is said is kept as text {keptFor(config.retention_days)}; the sound is
        not kept.
      </p>
      {policy || children ? (
        <p className="flex flex-wrap items-center gap-x-4">
          {children}
          {policy ? (
            <a href={policy} target="_blank" rel="noreferrer" className={aloneLink}>
              Privacy policy of {config.company.name}
            </a>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}
