import { type ReactNode, useId } from 'react';

type Props = { title: string; what: string; children: ReactNode };

/** One kind of what is stored: its name, where it is from, and the thing itself. */
export function Group({ title, what, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4 border-t border-line pt-8">
      <div className="flex flex-col gap-1">
        <h2 id={id} className="text-20">
          {title}
        </h2>
        <p className="text-muted">{what}</p>
      </div>
      {children}
    </section>
  );
}
