/** What the sign-in page says to someone who was signed in a moment ago; null: they were not. */
let words: string | null = null;

/** Left by a sign-out that was wished for; empty when there is nothing to say about it. */
export function sayFarewell(sentence: string): void {
  words = sentence;
}

/** Once: the next sign-in page starts without it. A sign-in that ended by itself left no words. */
export function takeFarewell(): string {
  const said = words ?? 'Your sign-in has ended. Sign in again to go on.';
  words = null;
  return said;
}
