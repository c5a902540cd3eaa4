/**
 * The captions of a call as a list of lines, without React and without LiveKit.
 *
 * A line of `lk.transcription` is a segment: streams with the same segment id replace each other, and its chunks
 * arrive as the words are said. Sources come before the first sound of the answer they support, so that they wait
 * for the assistant's next line, unless the caller goes on: then that answer is never said.
 */
import type { Source } from '@/lib/calls';

export type Speaker = 'caller' | 'assistant' | 'staff';

export type Line = {
  id: string;
  speaker: Speaker;
  text: string;
  partial: boolean;
  typed: boolean;
  turn: number | null;
  sources: Source[];
};

export type SourceGroup = { turn: number; sources: Source[] };

/** Sources before their answer, and the question that stood last when they came: null when they overtook it. */
type Waiting = SourceGroup & { question: string | null };

export type Transcript = { lines: Line[]; groups: SourceGroup[]; waiting: Waiting | null };

export type TranscriptEvent =
  | { type: 'heard'; id: string; speaker: Speaker; text: string; final: boolean }
  | { type: 'typed'; id: string; text: string }
  | { type: 'sources'; turn: number; sources: Source[] };

export const emptyTranscript: Transcript = { lines: [], groups: [], waiting: null };

export function addToTranscript(transcript: Transcript, event: TranscriptEvent): Transcript {
  switch (event.type) {
    case 'typed':
      return {
        ...transcript,
        lines: [...transcript.lines, line(event.id, 'caller', event.text, { typed: true })],
      };
    case 'heard':
      return heard(transcript, event);
    case 'sources':
      return sourced(transcript, { turn: event.turn, sources: event.sources });
  }
}

function line(id: string, speaker: Speaker, text: string, more: Partial<Line> = {}): Line {
  return { id, speaker, text, partial: false, typed: false, turn: null, sources: [], ...more };
}

function heard(transcript: Transcript, event: TranscriptEvent & { type: 'heard' }): Transcript {
  const known = transcript.lines.findIndex((each) => each.id === event.id);
  if (known >= 0) {
    const lines = transcript.lines.with(known, {
      ...(transcript.lines[known] as Line),
      text: event.text,
      partial: !event.final,
    });
    // What turned out to be no words (a cough, a hesitation) leaves no empty line.
    if (!event.text.trim() && event.final) return { ...transcript, lines: lines.toSpliced(known, 1) };
    return { ...transcript, lines: withoutRepeated(lines, event) };
  }
  if (!event.text.trim()) return transcript;
  const answers = event.speaker === 'assistant';
  const support = answers ? supportOf(transcript) : null;
  const added = line(event.id, event.speaker, event.text, {
    partial: !event.final,
    turn: support?.turn ?? null,
    sources: support?.sources ?? [],
  });
  const lines = withoutRepeated([...transcript.lines, added], event);
  return { ...transcript, lines, waiting: answers ? null : transcript.waiting };
}

/** What the next answer stands on: nothing when the caller has asked something else since its sources came. */
function supportOf({ lines, waiting }: Transcript): SourceGroup | null {
  if (!waiting) return null;
  const asked = lines.slice(lines.findLastIndex((each) => each.speaker !== 'caller') + 1);
  const goneOn = waiting.question === null ? asked.length > 1 : asked.at(-1)?.id !== waiting.question;
  return goneOn ? null : waiting;
}

/** A question that went on before its answer is sent again as a whole: its first part has a line already. */
function withoutRepeated(
  lines: Line[],
  { id, speaker, text, final }: TranscriptEvent & { type: 'heard' },
): Line[] {
  if (!final || speaker !== 'caller') return lines;
  const whole = lines.findIndex((each) => each.id === id);
  const answered = lines.findLastIndex((each, index) => index < whole && each.speaker !== 'caller');
  return lines.filter(
    (each, index) => index <= answered || index >= whole || each.typed || !startsWith(text, each.text),
  );
}

/** Whether `whole` begins with the words of `part`; the full stop that a pause put after them does not count. */
function startsWith(whole: string, part: string): boolean {
  const words = part.replace(/[.…\s]+$/, '').trimStart();
  const rest = whole.trimStart().slice(words.length);
  return words !== '' && whole.trimStart().startsWith(words) && !/^[\p{L}\p{N}]/u.test(rest);
}

function sourced(transcript: Transcript, group: SourceGroup): Transcript {
  const groups = [...transcript.groups.filter((each) => each.turn !== group.turn), group].filter(
    (each) => each.sources.length > 0,
  );
  const known = transcript.lines.findIndex((each) => each.turn === group.turn);
  if (known >= 0) {
    const lines = transcript.lines.with(known, {
      ...(transcript.lines[known] as Line),
      sources: group.sources,
    });
    return { ...transcript, lines, groups };
  }
  const last = transcript.lines.at(-1);
  const question = last?.speaker === 'caller' ? last.id : null;
  return { ...transcript, groups, waiting: { ...group, question } };
}
