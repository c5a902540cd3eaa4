import { AudioLines, CircleQuestionMark, Volume2, VolumeX } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Action, keysOf } from './shortcuts';

type Props = { voiceOn: boolean; keys: boolean; onAction: (action: Action) => void };

/** What is needed once in a while, out of the way: the assistant's voice, the devices, the keys. */
export function Corner({ voiceOn, keys, onAction }: Props) {
  const icon = { 'aria-hidden': true, size: 20, strokeWidth: 1.75 } as const;
  const button = (action: Action) => ({ keys: keysOf(action, keys), onClick: () => onAction(action) });
  return (
    <div
      role="toolbar"
      aria-label="Sound and keys"
      className="absolute right-2 top-2 flex lg:right-4 lg:top-4"
    >
      <CornerButton
        label={voiceOn ? 'Turn the assistant’s voice off' : 'Turn the assistant’s voice on'}
        {...button('voice')}
      >
        {voiceOn ? <Volume2 {...icon} /> : <VolumeX {...icon} />}
      </CornerButton>
      <CornerButton label="Microphone and speaker" dialog {...button('sound')}>
        <AudioLines {...icon} />
      </CornerButton>
      {/* A finger has no keys; a keyboard beside it still opens the list with "?". */}
      <span className="hidden [@media(hover:hover)]:contents">
        <CornerButton label="Keyboard shortcuts" dialog {...button('help')}>
          <CircleQuestionMark {...icon} />
        </CornerButton>
      </span>
    </div>
  );
}

type ButtonProps = {
  label: string;
  keys: string | undefined;
  dialog?: boolean;
  onClick: () => void;
  children: ReactNode;
};

function CornerButton({ label, keys, dialog, onClick, children }: ButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-keyshortcuts={keys}
      aria-haspopup={dialog ? 'dialog' : undefined}
      title={keys ? `${label} (${keys})` : label}
      onClick={onClick}
      className="grid size-11 place-items-center rounded-8 text-muted transition-colors hover:bg-accent-wash hover:text-ink"
    >
      {children}
    </button>
  );
}
