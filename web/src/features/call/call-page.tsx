import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { configQuery, readinessQuery } from '@/lib/config';
import { useIdentity } from '@/lib/identity';
import { After } from './after';
import { requestJoinToken } from './api';
import { AskMicrophone } from './ask-microphone';
import { Before } from './before';
import { type Ending, SIGNED_OUT, TAKEN_OVER } from './endings';
import type LiveCall from './live-call';
import type { FinishedCall } from './live-call';
import { loadLiveCall, whyNotLoaded } from './load-live-call';
import { closeStream, microphonePermission } from './microphone';
import { emptyTranscript } from './transcript';
import { useDevices } from './use-devices';
import { useLanguage } from './use-language';
import { useOneCall } from './use-one-call';
import { STATES } from './wording';

type Stage =
  | { at: 'before' }
  | { at: 'asking' }
  | { at: 'starting'; withMicrophone: boolean; held: MediaStream | null }
  | {
      at: 'during';
      Live: typeof LiveCall;
      withMicrophone: boolean;
      held: MediaStream | null;
      call: number;
      cut: Ending | null;
    }
  | { at: 'after'; finished: FinishedCall; withMicrophone: boolean };

/** Over before anyone spoke. */
const unbegun = (ending: Ending, withMicrophone: boolean): Stage => ({
  at: 'after',
  finished: { ending, transcript: emptyTranscript, callId: null },
  withMicrophone,
});

type Props = {
  /** Shown below the button: the page composes it, this feature does not know it. */
  earlier: ReactNode;
  /** The caller is busy with a call: what surrounds it steps back and waits. */
  onStage: (inCall: boolean) => void;
};

export function CallPage({ earlier, onStage }: Props) {
  const identity = useIdentity();
  const queries = useQueryClient();
  const { data: config } = useSuspenseQuery(configQuery);
  const { data: readiness } = useQuery(readinessQuery);
  const { devices, choice, choose, look } = useDevices();
  const [stage, setStage] = useState<Stage>({ at: 'before' });
  const language = useLanguage(config.languages);
  const requestToken = useCallback(
    () => requestJoinToken(identity, language.asked),
    [identity, language.asked],
  );

  const cut = useCallback(
    (ending: Ending) =>
      setStage((now) => {
        if (now.at === 'during') return { ...now, cut: ending };
        if (now.at === 'starting') return unbegun(ending, now.withMicrophone);
        return now.at === 'asking' ? { at: 'before' } : now;
      }),
    [],
  );
  const { line, elsewhere } = useOneCall(identity.userId, () => cut(TAKEN_OVER));
  useEffect(() => {
    if (identity.expired) cut(SIGNED_OUT);
  }, [identity.expired, cut]);

  // Who was signed out in a call reads why before the sign-in takes the page.
  const busy =
    stage.at === 'starting' || stage.at === 'during' || (stage.at === 'after' && identity.expired === true);
  useEffect(() => {
    onStage(busy);
    return () => onStage(false);
  }, [busy, onStage]);
  // The call's code arrives while the caller reads, so that the button answers at once.
  useEffect(() => {
    const timer = setTimeout(() => void loadLiveCall().catch(() => undefined), 300);
    return () => clearTimeout(timer);
  }, []);

  const over = stage.at === 'before' || stage.at === 'after';
  useEffect(() => {
    if (over) line.leave();
  }, [over, line]);
  const held = stage.at === 'starting' || stage.at === 'during' ? stage.held : null;
  useEffect(() => () => closeStream(held), [held]);

  const start = async (withMicrophone: boolean, open: MediaStream | null = null) => {
    const starting: Stage = { at: 'starting', withMicrophone, held: open };
    // Whoever was signed out or went on in another tab meanwhile is not called back.
    const go = (next: Stage) => setStage((now) => (now === starting ? next : now));
    setStage(starting);
    if (!(await line.take())) return go({ at: 'before' });
    try {
      const Live = await loadLiveCall();
      go({ at: 'during', Live, withMicrophone, held: open, call: Date.now(), cut: null });
    } catch {
      go(unbegun(await whyNotLoaded(), withMicrophone));
    }
  };
  const call = async (withMicrophone: boolean) => {
    if (withMicrophone && (await microphonePermission()) !== 'granted') {
      setStage((now) => (now === stage ? { at: 'asking' } : now));
    } else {
      await start(withMicrophone);
    }
  };
  const takeOver = async () => {
    const taken = await line.takeOver();
    if (taken) await call(true);
    return taken;
  };
  const toStart = () => {
    void queries.invalidateQueries({ queryKey: ['calls'] });
    void queries.invalidateQueries({ queryKey: readinessQuery.queryKey });
    setStage({ at: 'before' });
  };
  const finish = (finished: FinishedCall) =>
    setStage((now) =>
      now.at === 'during' ? { at: 'after', finished, withMicrophone: now.withMicrophone } : now,
    );

  switch (stage.at) {
    case 'before':
      return (
        <Before
          config={config}
          readiness={readiness}
          sound={{ devices, choice, onChoose: choose, onOpen: look }}
          language={language}
          elsewhere={elsewhere}
          onCall={(withMicrophone) => void call(withMicrophone)}
          onTakeOver={takeOver}
          earlier={earlier}
        />
      );
    case 'asking':
      return (
        <AskMicrophone
          deviceId={choice.audioinput}
          onOpen={(stream) => {
            look();
            void start(true, stream);
          }}
          onType={() => void call(false)}
          onBack={toStart}
        />
      );
    case 'starting':
      return (
        <main className="grid flex-1 place-items-center">
          <p role="status" className="loading text-17 text-muted">
            {STATES.connecting}
          </p>
        </main>
      );
    case 'during':
      return (
        <stage.Live
          key={stage.call}
          requestToken={requestToken}
          withMicrophone={stage.withMicrophone}
          held={stage.held}
          cut={stage.cut}
          devices={devices}
          choice={choice}
          onChoose={choose}
          onFinished={finish}
        />
      );
    case 'after':
      return (
        <After
          call={stage.finished}
          contact={config.support_contact}
          onAgain={() => void call(stage.withMicrophone)}
          onStart={toStart}
        />
      );
  }
}
