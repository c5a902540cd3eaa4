import { useEffect } from 'react';

/**
 * LiveKit opens the microphone again by itself when a device changes, and lets a refusal of that go unhandled: the
 * caller is to hear of it like of any other.
 */
export function useLateRefusal(onRefusal: (error: DOMException) => void): void {
  useEffect(() => {
    const onUnhandled = (event: PromiseRejectionEvent) => {
      const error: unknown = event.reason;
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      // A sound that may not start by itself has the same name.
      if (!/permission/i.test(error.message)) return;
      event.preventDefault();
      onRefusal(error);
    };
    window.addEventListener('unhandledrejection', onUnhandled);
    return () => window.removeEventListener('unhandledrejection', onUnhandled);
  }, [onRefusal]);
}
