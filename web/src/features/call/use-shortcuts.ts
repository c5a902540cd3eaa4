import { useEffect, useEffectEvent } from 'react';
import { type Action, actionFor, takesText } from './shortcuts';

/** Calls back for a key of the call, wherever the focus is but in a field or a dialog. */
export function useShortcuts(enabled: boolean, onAction: (action: Action) => void): void {
  const act = useEffectEvent(onAction);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || takesText(event.target)) return;
      const action = actionFor(event);
      // The way to the list that switches the keys on again stays.
      if (!action || (!enabled && action !== 'help')) return;
      event.preventDefault();
      act(action);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [enabled]);
}
