import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';

type Props = { title: string; open: boolean; onClose: () => void; children: ReactNode };

/** A dialog: from below on a phone, in the middle of a larger screen. Escape and a click beside it close it. */
export function Sheet({ title, open, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    const element = dialog.current;
    if (open && !element?.open) element?.showModal();
    if (!open) element?.close();
  }, [open]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current.close();
      }}
      className="sheet bg-surface text-left text-ink shadow-one"
    >
      <div className="p-4 pb-[max(--spacing(6),env(safe-area-inset-bottom))] sm:p-6">
        <div className="-mr-2 -mt-2 flex items-center justify-between pb-2">
          <h2 id={heading} className="text-17">
            {title}
          </h2>
          <button
            type="button"
            aria-label="Close"
            onClick={() => dialog.current?.close()}
            className="grid size-11 place-items-center rounded-8 text-muted hover:text-ink"
          >
            <X aria-hidden size={20} strokeWidth={1.75} />
          </button>
        </div>
        {open ? children : null}
      </div>
    </dialog>
  );
}
