import clsx from 'clsx';
import { Keyboard, Mic, MicOff, PhoneOff, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';

type Props = {
  microphoneOn: boolean;
  typing: boolean;
  canAskForPerson: boolean;
  onMicrophone: () => void;
  onTyping: () => void;
  onPerson: () => void;
  onEnd: () => void;
};

export function Controls(props: Props) {
  const { microphoneOn, typing, canAskForPerson, onMicrophone, onTyping, onPerson, onEnd } = props;
  const icon = { 'aria-hidden': true, size: 24, strokeWidth: 1.75 } as const;
  return (
    <div
      role="toolbar"
      aria-label="Call"
      className="mx-auto grid w-full max-w-md grid-cols-4 items-start gap-2"
    >
      <Control
        label={microphoneOn ? 'Mute' : 'Unmute'}
        pressed={!microphoneOn}
        tone={microphoneOn ? 'plain' : 'on'}
        onClick={onMicrophone}
      >
        {microphoneOn ? <Mic {...icon} /> : <MicOff {...icon} />}
      </Control>
      <Control label="Type" pressed={typing} tone={typing ? 'on' : 'plain'} onClick={onTyping}>
        <Keyboard {...icon} />
      </Control>
      <Control label="Get a person" tone="plain" disabled={!canAskForPerson} onClick={onPerson}>
        <UserRound {...icon} />
      </Control>
      <Control label="End" tone="end" onClick={onEnd}>
        <PhoneOff {...icon} />
      </Control>
    </div>
  );
}

type ControlProps = {
  label: string;
  tone: 'plain' | 'on' | 'end';
  pressed?: boolean;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
};

function Control({ label, tone, pressed, disabled, onClick, children }: ControlProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
      className="group flex min-w-0 flex-col items-center gap-1 rounded-8 text-13 text-muted disabled:opacity-50"
    >
      <span
        className={clsx(
          'grid size-[56px] place-items-center rounded-full border transition-colors duration-[120ms]',
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
