import clsx from 'clsx';
import { FileText } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { byArticle } from '@/lib/calls';
import type { Line, Speaker } from './transcript';

const NAMES: Record<Speaker, string> = { caller: 'You', assistant: 'Assistant', staff: 'Support' };
const TONES: Record<Speaker, string> = {
  caller: 'text-caller',
  assistant: 'text-assistant',
  staff: 'text-staff',
};

/** What is said by both sides, newest last; the view follows unless the reader has scrolled back. */
export function Captions({ lines }: { lines: Line[] }) {
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const newest = lines.at(-1);

  useLayoutEffect(() => {
    const follow = () => {
      if (following.current) box.current?.scrollTo({ top: box.current.scrollHeight });
    };
    if (newest) follow();
    // What opens below (the field to type, a notice) must not cover the newest line.
    const watcher = new ResizeObserver(follow);
    if (box.current) watcher.observe(box.current);
    return () => watcher.disconnect();
  }, [newest]);

  return (
    <>
      <section
        ref={box}
        aria-label="Conversation"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: at }) => {
          following.current = at.scrollHeight - at.scrollTop - at.clientHeight < 48;
        }}
        className="captions min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 py-6"
      >
        <ol className="mx-auto flex min-h-full max-w-2xl flex-col justify-end gap-6">
          {lines.map((line) => (
            <Caption key={line.id} line={line} current={line.id === newest?.id} />
          ))}
        </ol>
      </section>
      <Announcer lines={lines} />
    </>
  );
}

function Caption({ line, current }: { line: Line; current: boolean }) {
  const quiet = !current || (line.partial && line.speaker === 'caller');
  return (
    <li
      className="rise"
      data-speaker={line.speaker}
      data-partial={line.partial}
      data-turn={line.turn ?? undefined}
    >
      <p className={clsx('text-13 font-medium', TONES[line.speaker])}>
        {NAMES[line.speaker]}
        {line.typed ? <span className="text-muted"> · typed</span> : null}
      </p>
      <p
        className={clsx(
          'text-20 font-medium transition-colors duration-[320ms] lg:text-22',
          quiet ? 'text-muted' : 'text-ink',
        )}
        data-words
      >
        {line.text}
      </p>
      {line.sources.length > 0 ? (
        <p className="mt-1 inline-flex items-center gap-1 text-13 text-muted">
          <FileText aria-hidden size={14} strokeWidth={1.75} />
          {byArticle(line.sources)
            .map((source) => source.title)
            .join(' · ')}
        </p>
      ) : null}
    </li>
  );
}

/** Screen readers hear each finished line once, and no partial text. */
function Announcer({ lines }: { lines: Line[] }) {
  return (
    <div role="log" aria-live="polite" aria-label="Live captions" className="sr-only">
      {lines
        .filter((line) => !line.partial)
        .slice(-3)
        .map((line) => (
          <p key={line.id}>
            {NAMES[line.speaker]}: {line.text}
          </p>
        ))}
    </div>
  );
}
