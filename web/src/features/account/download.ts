/** Hands the reader a file of what the page has loaded; nothing is asked from the server again. */
export function download(data: { exported_at?: string }, name: string): void {
  const day = (data.exported_at ?? new Date().toISOString()).slice(0, 10);
  const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name.replace(/[^\p{L}\p{N}]+/gu, '-')}-${day}.json`;
  link.click();
  // The browser reads it after this turn of the event loop.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
