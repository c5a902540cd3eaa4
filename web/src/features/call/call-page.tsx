import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from 'react';
import { configQuery, readinessQuery } from '@/lib/config';
import { useIdentity } from '@/lib/identity';
import { After } from './after';
import { requestJoinToken } from './api';
import { Before } from './before';
import type { FinishedCall } from './live-call';

const loadLiveCall = () => import('./live-call');
const LiveCall = lazy(loadLiveCall);

type Stage =
  | { at: 'before' }
  | { at: 'during'; withMicrophone: boolean; call: number }
  | { at: 'after'; finished: FinishedCall; withMicrophone: boolean };

type Props = {
  /** Shown below the button: the page composes it, this feature does not know it. */
  earlier: ReactNode;
  onStage: (inCall: boolean) => void;
};

export function CallPage({ earlier, onStage }: Props) {
  const identity = useIdentity();
  const queries = useQueryClient();
  const { data: config } = useSuspenseQuery(configQuery);
  const { data: readiness } = useQuery(readinessQuery);
  const [stage, setStage] = useState<Stage>({ at: 'before' });
  const requestToken = useCallback(() => requestJoinToken(identity), [identity]);

  const inCall = stage.at === 'during';
  useEffect(() => {
    onStage(inCall);
    return () => onStage(false);
  }, [inCall, onStage]);
  // The call's code arrives while the caller reads, so that the button answers at once.
  useEffect(() => {
    const timer = setTimeout(() => void loadLiveCall().catch(() => undefined), 300);
    return () => clearTimeout(timer);
  }, []);

  const call = (withMicrophone: boolean) => setStage({ at: 'during', withMicrophone, call: Date.now() });
  const toStart = () => {
    void queries.invalidateQueries({ queryKey: ['calls'] });
    void queries.invalidateQueries({ queryKey: readinessQuery.queryKey });
    setStage({ at: 'before' });
  };

  switch (stage.at) {
    case 'before':
      return <Before config={config} readiness={readiness} onCall={call} earlier={earlier} />;
    case 'during':
      return (
        <Suspense
          fallback={
            <main className="grid flex-1 place-items-center">
              <p role="status">Connecting…</p>
            </main>
          }
        >
          <LiveCall
            key={stage.call}
            requestToken={requestToken}
            withMicrophone={stage.withMicrophone}
            onFinished={(finished) =>
              setStage({ at: 'after', finished, withMicrophone: stage.withMicrophone })
            }
          />
        </Suspense>
      );
    case 'after':
      return <After call={stage.finished} onAgain={() => call(stage.withMicrophone)} onStart={toStart} />;
  }
}
