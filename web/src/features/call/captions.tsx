import clsx from 'clsx';
import { ArrowUpRight, FileText } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { byArticle, type CitedArticle } from '@/lib/calls';
import { sourceUrl } from '@/lib/safe-url';
import { spokenNow } from './sentences';
import type { Line, Speaker } from './transcript';

const NAMES: Record<Speaker, string> = { caller: 'You', assistant: 'Assistant', staff: 'Support' };
const TONES: Record<Speaker, string> = {
  caller: 'text-caller',
  assistant: 'text-assistant',
  staff: 'text-staff',
};

type Props = {
  lines: Line[];
  /** The assistant is heard: then a screen reader does not read it over its own voice. */
  aloud: boolean;
};

/** What is said by both sides, newest last; the view follows unless the reader has scrolled back. */
export function Captions({ lines, aloud }: Props) {
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
      <Announcer lines={aloud ? [] : lines} />
    </>
  );
}

function Caption({ line, current }: { line: Line; current: boolean }) {
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
      <p className="text-20 font-medium lg:text-22" data-words>
        <Words line={line} current={current} />
      </p>
      {line.sources.length > 0 ? (
        <p className="mt-1 flex flex-wrap gap-x-4">
          {byArticle(line.sources).map((source) => (
            <SourceLink key={source.key} source={source} />
          ))}
        </p>
      ) : null}
    </li>
  );
}

/** The sentence that is being said stands out; what was said before it steps back, and so do guesses at the caller's words. */
function Words({ line: { text, speaker, partial }, current }: { line: Line; current: boolean }) {
  if (!current) return <span className="caption-past">{text}</span>;
  if (speaker === 'caller') return <span className={partial ? 'caption-guess' : 'caption-now'}>{text}</span>;
  const { before, now } = spokenNow(text);
  return (
    <>
      <span className="caption-past">{before}</span>
      <span className="caption-now">{now}</span>
    </>
  );
}

/** Opens the article beside the call, at the sentence. */
function SourceLink({ source }: { source: CitedArticle }) {
  const href = sourceUrl(source);
  const icon = { 'aria-hidden': true, size: 16, strokeWidth: 1.75, className: 'shrink-0' } as const;
  if (!href) {
    return (
      <span className="inline-flex min-h-8 items-center gap-1 text-13 text-muted">
        <FileText {...icon} />
        {source.title}
      </span>
    );
  }
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      className="inline-flex min-h-8 items-center gap-1 text-13 font-medium text-muted underline-offset-4 hover:text-accent hover:underline"
    >
      <FileText {...icon} />
      {source.title}
      <span className="sr-only"> in a new tab</span>
      <ArrowUpRight {...icon} />
    </a>
  );
}

/** Screen readers say each finished line once, with what it stands on, and no partial text. */
function Announcer({ lines }: { lines: Line[] }) {
  return (
    <div role="log" aria-live="polite" aria-label="Live captions" className="sr-only">
      {lines
        .filter((line) => !line.partial)
        .slice(-3)
        .map((line) => (
          <p key={line.id}>
            {NAMES[line.speaker]}: {line.text}
            {line.sources.length > 0
              ? ` Source: ${byArticle(line.sources)
                  .map((source) => source.title)
                  .join(', ')}.`
              : null}
          </p>
        ))}
    </div>
  );
}
