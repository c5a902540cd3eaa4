import { type InputHTMLAttributes, type ReactNode, useId, useState } from 'react';

type Props = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> & {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: ReactNode;
};

const INPUT = 'min-h-11 w-full min-w-0 rounded-8 border border-edge bg-raised px-4 text-17 text-ink';

/** One line of text with its label and, under it, what is expected. */
export function Field({ label, value, onChange, hint, ...rest }: Props) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className={INPUT}
        {...rest}
      />
      {hint ? <Hint id={id}>{hint}</Hint> : null}
    </div>
  );
}

/** A password, which can be looked at while it is typed. */
export function PasswordField({ label, value, onChange, hint, ...rest }: Omit<Props, 'type'>) {
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          type={shown ? 'text' : 'password'}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-describedby={hint ? `${id}-hint` : undefined}
          autoCapitalize="none"
          spellCheck={false}
          className={`${INPUT} pr-16`}
          {...rest}
        />
        <button
          type="button"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="absolute inset-y-0 right-0 min-w-16 rounded-8 px-3 text-13 font-medium text-muted hover:text-ink aria-pressed:text-accent"
        >
          Show<span className="sr-only"> what you type</span>
        </button>
      </div>
      {hint ? <Hint id={id}>{hint}</Hint> : null}
    </div>
  );
}

function Hint({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={`${id}-hint`} className="text-13 text-muted">
      {children}
    </p>
  );
}
