import { expect, test } from 'vitest';
import type { Source } from '@/lib/calls';
import { addToTranscript, emptyTranscript, type Speaker, type TranscriptEvent } from './transcript';

const said = (id: string, speaker: Speaker, text: string, final = true): TranscriptEvent => ({
  type: 'heard',
  id,
  speaker,
  text,
  final,
});
const source = (title: string): Source => ({ article_id: title, title, url: '', quote: 'A sentence.' });
const sources = (turn: number, ...titles: string[]): TranscriptEvent => ({
  type: 'sources',
  turn,
  sources: titles.map(source),
});
const after = (...events: TranscriptEvent[]) => events.reduce(addToTranscript, emptyTranscript);

test('texts of one segment replace each other until the final one', () => {
  const partial = after(said('s', 'caller', 'How do', false), said('s', 'caller', 'How do I re', false));
  expect(partial.lines).toMatchObject([{ text: 'How do I re', partial: true }]);
  const final = addToTranscript(partial, said('s', 'caller', 'How do I reset it?'));
  expect(final.lines).toMatchObject([{ text: 'How do I reset it?', partial: false }]);
});

test('what turns out to be no words leaves no line', () => {
  expect(after(said('s', 'caller', 'mh', false), said('s', 'caller', '')).lines).toEqual([]);
  expect(after(said('s', 'caller', ' ')).lines).toEqual([]);
});

test('sources that come before the answer stand with the answer, not with the line before', () => {
  const { lines } = after(
    said('1', 'assistant', 'Hello.'),
    said('2', 'caller', 'How?'),
    sources(3, 'Reset'),
    said('3', 'assistant', 'Open', false),
    said('3', 'assistant', 'Open the page.'),
  );
  expect(lines.map((line) => line.sources.map((each) => each.title))).toEqual([[], [], ['Reset']]);
  expect(lines[2]?.turn).toBe(3);
});

test('what is said while the answer is looked up does not take its sources', () => {
  const { lines } = after(
    said('1', 'caller', 'How?'),
    said('2', 'assistant', 'Let me look that up.'),
    sources(3, 'Reset'),
    said('3', 'assistant', 'Open the page.'),
  );
  expect(lines.map((line) => line.sources.map((each) => each.title))).toEqual([[], [], ['Reset']]);
});

test('the caller talking on does not take the sources of the answer', () => {
  const { lines } = after(
    sources(3, 'Reset'),
    said('2b', 'caller', 'And'),
    said('3', 'assistant', 'Open it.'),
  );
  expect(lines.map((line) => line.sources.length)).toEqual([0, 1]);
});

/** The titles of the sources that stand with each line. */
const cited = (...events: TranscriptEvent[]) =>
  after(...events).lines.map((each) => each.sources.map(({ title }) => title).join());

test('an answer that was talked over leaves its sources to nobody', () => {
  const talkedOver = [
    said('1', 'caller', 'How?'),
    sources(2, 'Reset'),
    said('3', 'caller', 'No, the price.'),
  ];
  expect(cited(...talkedOver, said('4', 'assistant', 'I do not know.'))).toEqual(['', '', '']);
  expect(cited(...talkedOver, sources(4, 'Plans'), said('4', 'assistant', 'Four.'))).toEqual([
    '',
    '',
    'Plans',
  ]);
  const byTyping: TranscriptEvent = { type: 'typed', id: 't', text: 'What does it cost?' };
  expect(cited(...talkedOver.slice(0, 2), byTyping, said('4', 'assistant', 'I do not know.'))).toEqual([
    '',
    '',
    '',
  ]);
});

test('sources that overtake their question are not taken for those of a question before', () => {
  const hello = [said('1', 'assistant', 'Hello.'), sources(3, 'Reset'), said('2', 'caller', 'How?')];
  expect(cited(...hello, said('3', 'assistant', 'So.'))).toEqual(['', '', 'Reset']);
  expect(cited(...hello, said('4', 'caller', 'No.'), said('5', 'assistant', 'Well.'))).toEqual([
    '',
    '',
    '',
    '',
  ]);
});

test('the last words of a question, and a cough after it, do not take the sources of its answer', () => {
  expect(
    cited(
      said('1', 'caller', 'How', false),
      sources(2, 'Reset'),
      said('1', 'caller', 'How?'),
      said('x', 'caller', 'mh', false),
      said('x', 'caller', ''),
      said('2', 'assistant', 'So.'),
    ),
  ).toEqual(['', 'Reset']);
});

test('sources sent again for a turn replace the first ones', () => {
  const { lines, groups } = after(sources(1, 'A'), said('1', 'assistant', 'Yes.'), sources(1, 'A', 'B'));
  expect(lines[0]?.sources).toHaveLength(2);
  expect(groups).toHaveLength(1);
});

test('an answer without evidence shows no group', () => {
  expect(after(sources(1)).groups).toEqual([]);
});

test('typed questions stand among the spoken ones', () => {
  const { lines } = after(said('1', 'assistant', 'Hello.'), {
    type: 'typed',
    id: 't',
    text: 'What does it cost?',
  });
  expect(lines[1]).toMatchObject({ speaker: 'caller', typed: true, partial: false });
});

test('a question that went on after a pause stands once, as a whole', () => {
  const { lines } = after(
    said('1', 'caller', 'How do I reset my password?'),
    said('2', 'caller', 'for the', false),
    said('2', 'caller', 'How do I reset my password? for the mobile app'),
  );
  expect(lines.map((line) => line.text)).toEqual(['How do I reset my password? for the mobile app']);
});

test('the full stop that a pause made does not keep the first part', () => {
  const { lines } = after(
    said('1', 'caller', 'I was charged twice in March and.'),
    said('2', 'caller', 'I was charged twice in March and once in May.'),
  );
  expect(lines.map((line) => line.text)).toEqual(['I was charged twice in March and once in May.']);
});

test('a question that is answered once more after a cough stands once', () => {
  const { lines } = after(said('1', 'caller', 'How?'), said('2', 'caller', 'How?'));
  expect(lines).toMatchObject([{ id: '2', text: 'How?' }]);
});

test.each([
  [
    'an answer lies between',
    [said('1', 'caller', 'How?'), said('2', 'assistant', 'So.'), said('3', 'caller', 'How? Again?')],
  ],
  [
    'it only begins with the same letters',
    [said('1', 'caller', 'How'), said('2', 'caller', 'However it is')],
  ],
  ['the next one is still a guess', [said('1', 'caller', 'How'), said('2', 'caller', 'How do', false)]],
  ['it was typed', [{ type: 'typed', id: 't', text: 'How?' } as const, said('2', 'caller', 'How? By mail?')]],
])('an earlier line stays when %s', (_, events) => {
  expect(after(...events).lines).toHaveLength(events.length);
});
