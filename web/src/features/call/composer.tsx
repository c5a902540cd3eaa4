import { SendHorizontal } from 'lucide-react';
import { type FormEvent, type RefObject, useEffect, useState } from 'react';
import { Button } from '@/components/button';

type Props = {
  field: RefObject<HTMLInputElement | null>;
  disabled: boolean;
  onSend: (text: string) => Promise<void>;
  onClose: () => void;
};

/** A typed question in the same call. What could not be sent stays in the field. */
export function Composer({ field, disabled, onSend, onClose }: Props) {
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  useEffect(() => field.current?.focus(), [field]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const question = text.trim();
    if (!question || sending || disabled) return;
    setSending(true);
    try {
      await onSend(question);
      setText('');
    } catch {
      // The call says so where its notices stand.
    } finally {
      setSending(false);
      field.current?.focus();
    }
  };

  return (
    <form onSubmit={submit} className="rise mx-auto flex w-full max-w-2xl gap-2">
      <label htmlFor="question" className="sr-only">
        Your question
      </label>
      <input
        ref={field}
        id="question"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
        }}
        maxLength={500}
        autoComplete="off"
        enterKeyHint="send"
        placeholder={disabled ? 'You can send it as soon as the assistant is here' : 'Type your question'}
        className="min-h-11 min-w-0 flex-1 rounded-8 border border-edge bg-raised px-4 text-17 text-ink placeholder:text-muted"
      />
      <Button type="submit" kind="primary" disabled={disabled || sending || !text.trim()}>
        <SendHorizontal aria-hidden size={20} strokeWidth={1.75} />
        <span className="sr-only sm:not-sr-only">Send</span>
      </Button>
    </form>
  );
}
