import clsx from 'clsx';
import type { ButtonHTMLAttributes } from 'react';

export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';

const KINDS: Record<ButtonKind, string> = {
  primary: 'bg-accent text-accent-ink hover:opacity-90',
  secondary: 'border border-line bg-raised text-ink hover:border-edge',
  quiet: 'text-muted hover:bg-accent-wash hover:text-ink',
  danger: 'border border-line bg-raised text-bad hover:border-bad hover:bg-bad-wash',
};

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { kind?: ButtonKind };

export function Button({ kind = 'secondary', className, type = 'button', ...rest }: Props) {
  return <button type={type} className={clsx(buttonClasses(kind), className)} {...rest} />;
}

/** The same look for a link. */
export const buttonClasses = (kind: ButtonKind = 'secondary'): string =>
  clsx(
    'inline-flex min-h-11 items-center justify-center gap-2 rounded-8 px-4 py-2 text-15 font-medium',
    'transition-[background-color,border-color,opacity,color]',
    'disabled:cursor-not-allowed disabled:opacity-60 [&_svg]:shrink-0',
    KINDS[kind],
  );
