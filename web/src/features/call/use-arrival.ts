import { type RefObject, useEffect, useRef } from 'react';

/** Moves the focus to where the page has gone on, so that keyboard and screen reader arrive there too. */
export function useArrival<T extends HTMLElement>(wanted = true): RefObject<T | null> {
  const target = useRef<T>(null);
  useEffect(() => {
    if (wanted) target.current?.focus({ preventScroll: true });
  }, [wanted]);
  return target;
}
