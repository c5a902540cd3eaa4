import { type FormEvent, type ReactNode, useState } from 'react';
import { sentenceFor } from '@/lib/problem';
import { Button } from './button';
import { Dialog } from './dialog';
import { Field } from './field';
import { Notice } from './notice';

type Props = {
  title: string;
  /** What happens when it is confirmed. */
  children: ReactNode;
  /** The words of the button that does it. */
  action: string;
  /** A word to type first, for what cannot be undone and takes everything. */
  typed?: string;
  onConfirm: () => Promise<void>;
  onClose: () => void;
};

/** Asks before something is gone for good; a failure is said where it happened. */
export function Confirm({ title, children, action, typed, onConfirm, onClose }: Props) {
  const [word, setWord] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const sure = !typed || word.trim().toLowerCase() === typed;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!sure || busy) return;
    setBusy(true);
    setProblem('');
    try {
      await onConfirm();
    } catch (error) {
      setProblem(sentenceFor(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={busy ? null : onClose}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <div className="flex flex-col gap-2 text-muted">{children}</div>
        {typed ? (
          <Field
            label={`Type “${typed}” to confirm`}
            value={word}
            onChange={setWord}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        ) : null}
        {problem ? <Notice>{problem}</Notice> : null}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose} disabled={busy}>
            Keep it
          </Button>
          <Button type="submit" kind="danger" disabled={!sure || busy}>
            {busy ? 'Deleting…' : action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
