import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Suspense, useMemo, useState } from 'react';
import { isRetryable } from '@/lib/api';
import { ApiProblem } from '@/lib/problem';
import { InCallContext } from './in-call';
import { router } from './router';
import { Starting } from './starting';

/** A refusal of the person, wherever it is met, makes the page ask anew who they are here (account/admission.tsx). */
function newQueries(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, { queryKey }) => {
        const refused = error instanceof ApiProblem && [401, 403].includes(error.status);
        if (refused && queryKey[0] !== 'me') void queries.invalidateQueries({ queryKey: ['me'] });
      },
    }),
    defaultOptions: {
      queries: { retry: (count, error) => count < 2 && isRetryable(error), staleTime: 5000 },
    },
  });
  return queries;
}

export function App() {
  const [queries] = useState(newQueries);
  const [inCall, setInCall] = useState(false);
  const call = useMemo(() => ({ inCall, setInCall }), [inCall]);
  return (
    <QueryClientProvider client={queries}>
      <InCallContext value={call}>
        <Suspense fallback={<Starting />}>
          <RouterProvider router={router} />
        </Suspense>
      </InCallContext>
    </QueryClientProvider>
  );
}
