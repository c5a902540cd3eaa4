import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Suspense, useMemo, useState } from 'react';
import { Loading } from '@/components/loading';
import { isRetryable } from '@/lib/api';
import { InCallContext } from './in-call';
import { router } from './router';

export function App() {
  const [queries] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: { retry: (count, error) => count < 2 && isRetryable(error), staleTime: 5000 },
        },
      }),
  );
  const [inCall, setInCall] = useState(false);
  const call = useMemo(() => ({ inCall, setInCall }), [inCall]);
  return (
    <QueryClientProvider client={queries}>
      <InCallContext value={call}>
        <Suspense
          fallback={
            <main className="mx-auto w-full max-w-sm px-4 py-16">
              <Loading what="the page" />
            </main>
          }
        >
          <RouterProvider router={router} />
        </Suspense>
      </InCallContext>
    </QueryClientProvider>
  );
}
