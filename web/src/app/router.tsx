import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Loading } from '@/components/loading';
import { Fault } from './fault';
import { HomePage } from './home-page';
import { NotFound } from './not-found';
import { Shell } from './shell';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Fault });

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });

const article = createRoute({
  getParentRoute: () => root,
  path: '/help/$articleId',
  validateSearch: (search: Record<string, unknown>) => ({ quote: String(search.quote ?? '') }),
  component: lazyRouteComponent(() => import('./article-route'), 'ArticleRoute'),
});

const call = createRoute({
  getParentRoute: () => root,
  path: '/calls/$callId',
  component: lazyRouteComponent(() => import('./call-route'), 'CallRoute'),
});

const stored = createRoute({
  getParentRoute: () => root,
  path: '/me',
  component: lazyRouteComponent(() => import('./stored-route'), 'StoredRoute'),
});

const accountLink = createRoute({
  getParentRoute: () => root,
  path: '/account-link',
  validateSearch: (search: Record<string, unknown>) => ({
    mode: String(search.mode ?? ''),
    oobCode: String(search.oobCode ?? ''),
  }),
  component: lazyRouteComponent(() => import('./account-link-route'), 'AccountLinkRoute'),
});

// Before the sign-in these show forms (features/auth/door.tsx); whoever is signed in is led to the start.
const signUp = createRoute({ getParentRoute: () => root, path: '/sign-up' });
const resetPassword = createRoute({ getParentRoute: () => root, path: '/reset-password' });

export const router = createRouter({
  routeTree: root.addChildren([home, article, call, stored, accountLink, signUp, resetPassword]),
  // A quote stands in the address as it is, not as JSON.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const kept = Object.entries(search).filter(([, value]) => value);
    return kept.length ? `?${new URLSearchParams(kept as [string, string][])}` : '';
  },
  defaultErrorComponent: Fault,
  defaultNotFoundComponent: NotFound,
  defaultPendingComponent: () => <Loading what="the page" />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
