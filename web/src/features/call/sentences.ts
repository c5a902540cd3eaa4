/** Splits what is said into sentences, so that the one being spoken can stand out. */

const segmenter = 'Segmenter' in Intl ? new Intl.Segmenter('en', { granularity: 'sentence' }) : null;

/** What was said before, and the sentence that is being said now. Together they are the text, unchanged. */
export function spokenNow(text: string): { before: string; now: string } {
  const sentences = segmenter ? [...segmenter.segment(text)].map((each) => each.segment) : [text];
  const now = sentences.findLast((sentence) => sentence.trim() !== '') ?? '';
  const at = text.lastIndexOf(now);
  return { before: text.slice(0, at), now: text.slice(at) };
}
