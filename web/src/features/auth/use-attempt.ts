import { useState } from 'react';
import type { Config } from '@/lib/config';
import { type Refusal, refusalFor, type Speaker } from './errors';

export const speakerOf = (config: Config): Speaker => ({
  company: config.company.name,
  contact: config.company.support_contact,
});

/** One thing at a time that Firebase may refuse: whether it is under way, and the sentence when it failed. */
export function useAttempt(config: Config) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  /** True when it was done. */
  const attempt = async (how: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setRefusal(null);
    try {
      await how();
      return true;
    } catch (error) {
      setRefusal(refusalFor(error, speakerOf(config)));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, refusal, attempt };
}

export type Attempt = ReturnType<typeof useAttempt>['attempt'];
