import { useEffect } from 'react';

/** Keeps a phone's screen on during a call: a locked phone takes the microphone away. */
export function useScreenOn(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let gone = false;
    const keep = () => {
      if (document.visibilityState !== 'visible') return;
      navigator.wakeLock?.request('screen').then(
        (taken) => {
          lock = taken;
          if (gone) void taken.release();
        },
        // A phone low on battery refuses; the call goes on.
        () => undefined,
      );
    };
    keep();
    // The browser lets go of it whenever the page is hidden.
    document.addEventListener('visibilitychange', keep);
    return () => {
      gone = true;
      document.removeEventListener('visibilitychange', keep);
      void lock?.release();
    };
  }, []);
}
