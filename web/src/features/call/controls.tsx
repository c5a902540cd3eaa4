import clsx from 'clsx';
import { Keyboard, Mic, MicOff, PhoneOff, UserRound } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { type Action, keysOf } from './shortcuts';

type Props = {
  microphoneOn: boolean;
  typing: boolean;
  canAskForPerson: boolean;
  /** Whether the single keys are switched on. */
  keys: boolean;
  typeButton: RefObject<HTMLButtonElement | null>;
  onAction: (action: Action) => void;
};

/** What is needed all the time, in reach of the thumb. */
export function Controls({ microphoneOn, typing, canAskForPerson, keys, typeButton, onAction }: Props) {
  const icon = { 'aria-hidden': true, size: 24, strokeWidth: 1.75 } as const;
  const control = (action: Action) => ({ keys: keysOf(action, keys), onClick: () => onAction(action) });
  return (
    <div
      role="toolbar"
      aria-label="Call"
      className="mx-auto grid w-full max-w-md grid-cols-4 items-start gap-2"
    >
      <Control
        label={microphoneOn ? 'Mute' : 'Unmute'}
        tone={microphoneOn ? 'plain' : 'on'}
        {...control('microphone')}
      >
        {microphoneOn ? <Mic {...icon} /> : <MicOff {...icon} />}
      </Control>
      <Control
        label="Type"
        pressed={typing}
        tone={typing ? 'on' : 'plain'}
        button={typeButton}
        {...control('type')}
      >
        <Keyboard {...icon} />
      </Control>
      <Control label="Get a person" tone="plain" disabled={!canAskForPerson} {...control('person')}>
        <UserRound {...icon} />
      </Control>
      <Control label="End" tone="end" {...control('end')}>
        <PhoneOff {...icon} />
      </Control>
    </div>
  );
}

type ControlProps = {
  label: string;
  tone: 'plain' | 'on' | 'end';
  keys: string | undefined;
  pressed?: boolean;
  disabled?: boolean;
  button?: RefObject<HTMLButtonElement | null>;
  onClick: () => void;
  children: ReactNode;
};

function Control({ label, tone, keys, pressed, disabled, button, onClick, children }: ControlProps) {
  return (
    <button
      ref={button}
      type="button"
      aria-pressed={pressed}
      aria-keyshortcuts={keys}
      disabled={disabled}
      onClick={onClick}
      className="group flex min-w-0 flex-col items-center gap-1 rounded-8 text-13 text-muted disabled:opacity-50"
    >
      <span
        className={clsx(
          'grid size-14 place-items-center rounded-full border transition-colors',
          tone === 'plain' && 'border-line bg-raised text-ink group-enabled:group-hover:border-edge',
          tone === 'on' && 'border-accent bg-accent-wash text-accent',
          tone === 'end' && 'border-bad bg-bad text-surface group-hover:opacity-90',
        )}
      >
        {children}
      </span>
      {label}
    </button>
  );
}
