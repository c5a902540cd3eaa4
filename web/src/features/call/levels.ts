/** Loudness now, 0 to 1. */
export type Levels = { caller: number; assistant: number };
export const SILENT: Levels = { caller: 0, assistant: 0 };

/** Fast up, slow down: what makes a mark follow speech instead of flickering. */
export function follow(shown: number, measured: number): number {
  const wanted = Math.min(1, measured * 1.6);
  return shown + (wanted - shown) * (wanted > shown ? 0.45 : 0.12);
}
