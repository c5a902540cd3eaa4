import { useRef, useState } from 'react';
import { Button } from '@/components/button';
import { Notice } from '@/components/notice';
import { Sheet } from '@/components/sheet';
import { Captions } from './captions';
import { Composer } from './composer';
import { Controls } from './controls';
import { Corner } from './corner';
import type { Levels } from './levels';
import { type CallState, phase } from './machine';
import { Mark } from './mark';
import { ASK_FOR_A_PERSON } from './messages';
import type { CallNotice } from './notices';
import { type Action, shortcutsWanted, wantShortcuts } from './shortcuts';
import { ShortcutsSheet } from './shortcuts-sheet';
import { type DeviceChoice, Sound } from './sound';
import { SourcesPanel } from './sources-panel';
import { SourcesSheet } from './sources-sheet';
import { someoneHears, stateInWords, worthSaying } from './state-in-words';
import type { Transcript } from './transcript';
import { useArrival } from './use-arrival';
import { useOnline } from './use-online';
import { useShortcuts } from './use-shortcuts';
import { MORE, NOTICES } from './wording';

export type DuringProps = {
  state: CallState;
  transcript: Transcript;
  levels: () => Levels;
  notice: CallNotice | null;
  microphoneOn: boolean;
  /** The caller chose to type; they may speak later. */
  byTyping: boolean;
  /** The assistant is heard. */
  voiceOn: boolean;
  sound: DeviceChoice;
  /** Set while the browser holds the sound back until a click. */
  onSound: (() => void) | null;
  onVoice: () => void;
  onMicrophone: () => void;
  onSend: (text: string) => Promise<void>;
  onEnd: () => void;
};

/** The call as the caller sees it; everything it shows comes in, so that it can be looked at without a call. */
export function During(props: DuringProps) {
  const { state, transcript, levels, notice, microphoneOn, voiceOn, sound, onSound, onSend } = props;
  const [typing, setTyping] = useState(props.byTyping);
  const [sheet, setSheet] = useState<'sound' | 'help' | null>(null);
  const [keys, setKeys] = useState(shortcutsWanted);
  const field = useRef<HTMLInputElement>(null);
  const typeButton = useRef<HTMLButtonElement>(null);
  const heading = useArrival<HTMLHeadingElement>(!props.byTyping);
  const online = useOnline();

  const now = phase(state);
  const heard = someoneHears(now);
  const byTyping = props.byTyping && !microphoneOn;
  const words = stateInWords(state, { online, byTyping });
  const canAskForPerson = heard && now !== 'human';

  const act = (action: Action) => {
    switch (action) {
      case 'microphone':
        return props.onMicrophone();
      case 'type':
        return setTyping(!typing);
      case 'person':
        return canAskForPerson ? void onSend(ASK_FOR_A_PERSON).catch(() => undefined) : undefined;
      case 'voice':
        return props.onVoice();
      case 'end':
        return props.onEnd();
      default:
        return setSheet(action);
    }
  };
  useShortcuts(keys, act);

  return (
    <main className="grid h-dvh min-h-0 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_var(--panel)]">
      <div className="relative flex min-h-0 flex-col">
        <h1 ref={heading} tabIndex={-1} className="sr-only">
          Call with support
        </h1>
        <div className="flex flex-col items-center gap-2 px-4 pt-4 [--mark-size:--spacing(24)] sm:[--mark-size:--spacing(28)] lg:pt-12 lg:[--mark-size:--spacing(40)]">
          <Mark phase={now} levels={levels} />
          <p data-phase={now} className="min-h-6 text-balance text-center text-17 text-muted">
            {words}
            {!microphoneOn && !byTyping && heard ? (
              <span className="text-warn"> · {MORE.microphoneOff}</span>
            ) : null}
            {state.standIn && heard && now !== 'human' ? <span> · {MORE.standIn}</span> : null}
          </p>
          <p role="status" className="sr-only">
            {worthSaying(now, byTyping) ? words : ''}
          </p>
        </div>
        <Corner voiceOn={voiceOn} keys={keys} onAction={act} />
        <Captions lines={transcript.lines} aloud={voiceOn} />
        <div className="flex flex-col gap-4 px-4 pb-[max(--spacing(6),env(safe-area-inset-bottom))] pt-2">
          {notice ? (
            <div className="mx-auto w-full max-w-2xl">
              <Notice
                tone="warn"
                action={
                  notice.offersSound ? (
                    <Button onClick={() => setSheet('sound')}>Choose another</Button>
                  ) : undefined
                }
              >
                {notice.text}
              </Notice>
            </div>
          ) : null}
          {onSound ? (
            <div className="mx-auto w-full max-w-2xl">
              <Notice tone="warn" action={<Button onClick={onSound}>Turn sound on</Button>}>
                {NOTICES.soundHeld}
              </Notice>
            </div>
          ) : null}
          <SourcesSheet groups={transcript.groups} />
          {typing ? (
            <Composer
              field={field}
              disabled={!heard}
              onSend={onSend}
              onClose={() => {
                setTyping(false);
                typeButton.current?.focus();
              }}
            />
          ) : null}
          <Controls
            microphoneOn={microphoneOn}
            typing={typing}
            canAskForPerson={canAskForPerson}
            keys={keys}
            typeButton={typeButton}
            onAction={act}
          />
        </div>
      </div>
      <SourcesPanel groups={transcript.groups} />
      <Sheet title="Microphone and speaker" open={sheet === 'sound'} onClose={() => setSheet(null)}>
        <Sound sound={sound} level={() => levels().caller} />
      </Sheet>
      <ShortcutsSheet
        open={sheet === 'help'}
        onClose={() => setSheet(null)}
        enabled={keys}
        onEnabled={(wanted) => {
          wantShortcuts(wanted);
          setKeys(wanted);
        }}
      />
    </main>
  );
}
