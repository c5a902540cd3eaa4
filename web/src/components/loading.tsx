/** Lines that stand in for text; they appear after 200 ms, so that what is quick does not flicker. */
export function Loading({ what, lines = 3 }: { what: string; lines?: number }) {
  return (
    <div role="status" className="loading flex flex-col gap-3 py-4">
      <span className="sr-only">Loading {what}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no identity
          key={index}
          aria-hidden
          className="h-4 rounded-8 bg-line"
          style={{ width: `${92 - ((index * 23) % 45)}%` }}
        />
      ))}
    </div>
  );
}
