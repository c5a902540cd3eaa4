import { useEffect, useRef, useState } from 'react';
import { follow } from './levels';

/** Half of what speech close to a microphone reaches. */
const HEARD = 0.3;

/** What the microphone hears, as a bar, and in words once it heard something. */
export function InputLevel({ level }: { level: () => number }) {
  const bar = useRef<HTMLDivElement>(null);
  const [heard, setHeard] = useState(false);

  useEffect(() => {
    let shown = 0;
    let frame = requestAnimationFrame(function draw() {
      shown = follow(shown, level());
      bar.current?.style.setProperty('transform', `scaleX(${shown.toFixed(3)})`);
      if (shown > HEARD) setHeard(true);
      frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [level]);

  return (
    <div className="flex flex-col gap-2">
      <div aria-hidden className="h-2 overflow-hidden rounded-full bg-line" data-meter>
        <div ref={bar} className="h-full origin-left scale-x-0 rounded-full bg-caller" />
      </div>
      <p role="status" className="text-13 text-muted">
        {heard ? 'We hear you.' : 'Say something: the bar follows your voice.'}
      </p>
    </div>
  );
}
