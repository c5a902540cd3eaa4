import { useState } from 'react';
import { Button } from '@/components/button';
import { Notice } from '@/components/notice';
import { Captions } from './captions';
import { Composer } from './composer';
import { Controls } from './controls';
import type { Levels } from './levels';
import { type CallState, phase } from './machine';
import { Mark } from './mark';
import { ASK_FOR_A_PERSON } from './messages';
import { SourcesPanel } from './sources-panel';
import { SourcesSheet } from './sources-sheet';
import type { Transcript } from './transcript';
import { stateInWords } from './wording';

export type DuringProps = {
  state: CallState;
  transcript: Transcript;
  levels: () => Levels;
  notice: string | null;
  microphoneOn: boolean;
  startTyping: boolean;
  /** Set while the browser holds the sound back until a click. */
  onSound: (() => void) | null;
  onMicrophone: () => void;
  onSend: (text: string) => Promise<void>;
  onEnd: () => void;
};

/** The call as the caller sees it; everything it shows comes in, so that it can be looked at without a call. */
export function During(props: DuringProps) {
  const {
    state,
    transcript,
    levels,
    notice,
    microphoneOn,
    startTyping,
    onSound,
    onMicrophone,
    onSend,
    onEnd,
  } = props;
  const [typing, setTyping] = useState(startTyping);
  const now = phase(state);
  const someoneHears = ['listening', 'thinking', 'speaking', 'human'].includes(now);

  return (
    <main className="grid h-dvh min-h-0 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="flex min-h-0 flex-col">
        <h1 className="sr-only">Call with support</h1>
        <div className="flex flex-col items-center gap-2 px-4 pt-4 [--mark-size:96px] sm:[--mark-size:112px] lg:pt-12 lg:[--mark-size:160px]">
          <Mark phase={now} levels={levels} />
          <p role="status" data-phase={now} className="min-h-6 text-center text-17 text-muted">
            {stateInWords(state)}
            {!microphoneOn && someoneHears ? (
              <span className="text-warn"> · your microphone is off</span>
            ) : null}
          </p>
        </div>
        <Captions lines={transcript.lines} />
        <div className="flex flex-col gap-4 px-4 pb-[max(1.5rem,env(safe-area-inset-bottom))] pt-2">
          {notice ? (
            <div className="mx-auto w-full max-w-2xl">
              <Notice tone="warn">{notice}</Notice>
            </div>
          ) : null}
          {onSound ? (
            <div className="mx-auto w-full max-w-2xl">
              <Notice tone="warn" action={<Button onClick={onSound}>Turn sound on</Button>}>
                Your browser holds the sound back.
              </Notice>
            </div>
          ) : null}
          <SourcesSheet groups={transcript.groups} />
          {typing ? <Composer disabled={!someoneHears} onSend={onSend} /> : null}
          <Controls
            microphoneOn={microphoneOn}
            typing={typing}
            canAskForPerson={someoneHears && now !== 'human'}
            onMicrophone={onMicrophone}
            onTyping={() => setTyping(!typing)}
            onPerson={() => void onSend(ASK_FOR_A_PERSON).catch(() => undefined)}
            onEnd={onEnd}
          />
        </div>
      </div>
      <SourcesPanel groups={transcript.groups} />
    </main>
  );
}
