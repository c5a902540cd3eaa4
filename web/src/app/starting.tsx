import { useEffect, useState } from 'react';
import { Loading } from '@/components/loading';
import { Notice } from '@/components/notice';

/** The API answers within milliseconds; one that is being started takes a few seconds more. */
const PATIENCE_MS = 6000;

/** Until the server has said whose page this is. It is asked again and again, and the page says so when it takes long. */
export function Starting() {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main className="mx-auto flex w-full max-w-md flex-col gap-4 px-4 py-16">
      {long ? (
        <Notice tone="warn">The server does not answer. Check your connection; we keep trying.</Notice>
      ) : null}
      <Loading what="the page" />
    </main>
  );
}
