import { Sheet } from '@/components/sheet';
import { SHORTCUTS } from './shortcuts';

type Props = { open: boolean; onClose: () => void; enabled: boolean; onEnabled: (enabled: boolean) => void };

/** The keys of a call, and the switch for them. */
export function ShortcutsSheet({ open, onClose, enabled, onEnabled }: Props) {
  return (
    <Sheet title="Keyboard shortcuts" open={open} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-3">
        {SHORTCUTS.map(({ action, key, shift, label }) => (
          <div key={action} className="contents">
            <dt className="flex gap-1">
              {shift ? <Key>Shift</Key> : null}
              <Key>{key.toUpperCase()}</Key>
            </dt>
            <dd className="text-15">{label}</dd>
          </div>
        ))}
      </dl>
      <label className="mt-6 flex min-h-11 items-center gap-3 border-t border-line pt-4">
        <input
          type="checkbox"
          checked={enabled}
          onChange={(event) => onEnabled(event.target.checked)}
          className="size-5 accent-(--accent)"
        />
        Use these keys
      </label>
      <p className="text-13 text-muted">
        They rest while you type. Turn them off if you dictate to your computer: it would press them.
      </p>
    </Sheet>
  );
}

function Key({ children }: { children: string }) {
  return (
    <kbd className="inline-grid h-8 min-w-8 place-items-center rounded-8 border border-line bg-raised px-2 font-sans text-13 font-medium">
      {children}
    </kbd>
  );
}
