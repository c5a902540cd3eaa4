import { useEffect, useRef } from 'react';
import { follow, type Levels, SILENT } from './levels';
import type { Phase } from './machine';
import { isTroubled } from './state-in-words';

type Props = { phase: Phase; levels: () => Levels };

const BREATHING: readonly Phase[] = ['thinking', 'connecting', 'waiting'];

/**
 * The living mark: the assistant's voice moves it outwards, the caller's inwards. It is decoration: the state stands
 * in words beneath it. Under reduced motion it is two level bars.
 */
export function Mark({ phase, levels }: Props) {
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let shown = SILENT;
    let frame = requestAnimationFrame(function draw() {
      const now = levels();
      shown = {
        caller: follow(shown.caller, now.caller),
        assistant: follow(shown.assistant, now.assistant),
      };
      root.current?.style.setProperty('--caller-level', shown.caller.toFixed(3));
      root.current?.style.setProperty('--assistant-level', shown.assistant.toFixed(3));
      frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [levels]);

  return (
    <div
      ref={root}
      aria-hidden
      className="mark"
      data-breathing={BREATHING.includes(phase)}
      data-troubled={isTroubled(phase)}
      data-person={phase === 'human'}
    >
      <div className="mark-halo" />
      <div className="mark-body">
        <div className="mark-inside" />
      </div>
      <div className="mark-bars">
        <i className="bg-caller" style={{ transform: 'scaleX(var(--caller-level))' }} />
        <i className="bg-assistant" style={{ transform: 'scaleX(var(--assistant-level))' }} />
      </div>
    </div>
  );
}
