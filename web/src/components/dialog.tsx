import { type ReactNode, useEffect, useId, useRef } from 'react';

type Props = {
  title: string;
  children: ReactNode;
  /** Null while it must stay: what was asked for is being done. */
  onClose: (() => void) | null;
};

/**
 * A question above the page. The browser's own dialog keeps the focus inside, closes with Escape, and gives the focus
 * back. Mounting opens it.
 */
export function Dialog({ title, children, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      // Chrome closes a dialog at the second Escape, whatever became of its `cancel`.
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !onClose) event.preventDefault();
      }}
      className="dialog border border-line bg-raised text-ink shadow-one"
    >
      <div className="flex flex-col gap-4">
        <h2 id={id} className="text-20">
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}
