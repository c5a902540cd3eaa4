/** The way to the call server as a cable that can be pulled: a proxy of the test's, which the join token leads to. */
import { connect, createServer, type Socket } from 'node:net';
import type { Page } from 'playwright-core';

export type Cable = { cut: () => void; mend: () => Promise<void>; end: () => void };

/** The page must be of a context with `bypassCSP`: the policy knows the call server's own address only. */
export async function cable(page: Page, livekitUrl: string): Promise<Cable> {
  const { hostname, port } = new URL(livekitUrl);
  const open = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(end);
      end.on('error', () => other.destroy());
      end.on('close', () => {
        open.delete(end);
        other.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  const listen = (at: number) => new Promise<void>((done) => proxy.listen(at, '127.0.0.1', done));
  await listen(0);
  const address = proxy.address();
  if (!address || typeof address === 'string') throw new Error('no port');

  await page.route('**/api/token', async (route) => {
    const response = await route.fetch();
    const token = (await response.json()) as object;
    await route.fulfill({ response, json: { ...token, server_url: `ws://127.0.0.1:${address.port}` } });
  });
  const cut = () => {
    proxy.close();
    for (const socket of open) socket.destroy();
  };
  return { cut, mend: () => listen(address.port), end: cut };
}
