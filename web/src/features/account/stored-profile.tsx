import { type ReactNode, useState } from 'react';
import { Button } from '@/components/button';
import { Facts } from '@/components/facts';
import { fullTime, whenInWords } from '@/lib/time';
import type { StoredData } from './api';
import { Group } from './group';

type Props = { profile: StoredData['profile']; confirmEmail: ReactNode };

const ROLES = { customer: null, support: 'Support team', admin: 'Administrator' } as const;

export function StoredProfile({ profile, confirmEmail }: Props) {
  const [confirming, setConfirming] = useState(false);
  const email = profile.email ? (
    <span className="flex flex-wrap items-baseline gap-x-3">
      <span className="min-w-0 break-words">{profile.email}</span>
      {profile.email_verified ? (
        <span className="text-13 text-good">Confirmed</span>
      ) : (
        <span className="text-13 text-warn">Not confirmed</span>
      )}
    </span>
  ) : null;
  return (
    <Group title="Your profile" what="From your sign-in. It stays until you delete it.">
      <Facts
        facts={[
          ['Name', profile.name],
          ['Email', email],
          ['Plan', profile.plan],
          ['Role', ROLES[profile.role]],
          ['First seen', <Time key="since" at={profile.created_at} />],
          ['Last seen', <Time key="last" at={profile.last_seen_at} />],
        ]}
      />
      {profile.email && !profile.email_verified ? (
        confirming ? (
          confirmEmail
        ) : (
          <div>
            <Button onClick={() => setConfirming(true)}>Confirm your email</Button>
          </div>
        )
      ) : null}
    </Group>
  );
}

function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={fullTime(at)}>
      {whenInWords(at)}
    </time>
  );
}
