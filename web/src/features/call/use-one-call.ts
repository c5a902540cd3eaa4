import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { OneCall } from './one-call';

/** This tab's claim on the one call its person can have, and whether another tab has it. */
export function useOneCall(userId: string, onTakenOver: () => void): { line: OneCall; elsewhere: boolean } {
  const line = useMemo(() => new OneCall(userId), [userId]);
  const [elsewhere, setElsewhere] = useState(false);
  const takenOver = useEffectEvent(onTakenOver);

  useEffect(() => {
    let gone = false;
    const look = () =>
      void line.elsewhere().then((held) => {
        if (!gone) setElsewhere(held);
      });
    const deaf = line.listen((word) => (word === 'leave' ? takenOver() : look()));
    look();
    // A tab that crashed said nothing.
    window.addEventListener('focus', look);
    return () => {
      gone = true;
      deaf();
      window.removeEventListener('focus', look);
      line.leave();
    };
  }, [line]);

  return { line, elsewhere };
}
