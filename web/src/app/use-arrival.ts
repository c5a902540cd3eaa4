import { useEffect, useRef } from 'react';

/** After a step to another page the focus stands on it, so that it is read out and the next Tab begins there. */
export function useArrival(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    // Forms put the focus where it belongs themselves.
    if (document.activeElement instanceof HTMLInputElement) return;
    document.getElementById('content')?.focus({ preventScroll: true });
  }, [path]);
}
