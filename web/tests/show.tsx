import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { type Identity, IdentityContext } from '@/lib/identity';

export const MAYA: Identity = {
  userId: 'maya',
  email: 'maya@tidewater.example',
  emailVerified: true,
  name: 'Maya',
  idToken: async () => 'id-token',
  signOut: async () => undefined,
};

/** Shows a part of the page as Maya sees it, with a router and a cache of its own. */
export function show(part: ReactNode, identity: Identity = MAYA) {
  const root = createRootRoute();
  const home = createRoute({ getParentRoute: () => root, path: '/', component: () => part });
  const router = createRouter({
    routeTree: root.addChildren([home]),
    history: createMemoryHistory({ initialEntries: ['/'] }),
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={queries}>
      <IdentityContext value={identity}>
        {/* biome-ignore lint/suspicious/noExplicitAny: the types know the real page's router only */}
        <RouterProvider router={router as any} />
      </IdentityContext>
    </QueryClientProvider>,
  );
}
