import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteCall } from '@/lib/calls';
import { useIdentity } from '@/lib/identity';
import { Button, type ButtonKind } from './button';
import { Confirm } from './confirm';

type Props = {
  callId: string;
  /** Which call it is, for those who do not see beside what the button stands. */
  name: string;
  kind?: ButtonKind;
  onDeleted?: () => void;
};

/** Deletes one call after asking. */
export function DeleteCall({ callId, name, kind = 'quiet', onDeleted }: Props) {
  const identity = useIdentity();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    await deleteCall(identity, callId);
    setAsking(false);
    onDeleted?.();
    queries.removeQueries({ queryKey: ['calls', identity.userId, callId] });
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['calls', identity.userId], exact: true }),
      queries.invalidateQueries({ queryKey: ['stored', identity.userId] }),
    ]);
    // The button is gone with its call.
    document.getElementById('content')?.focus({ preventScroll: true });
  };
  return (
    <>
      <Button kind={kind} onClick={() => setAsking(true)}>
        Delete<span className="sr-only"> the call: {name}</span>
      </Button>
      {asking ? (
        <Confirm
          title="Delete this call?"
          action="Delete the call"
          onConfirm={remove}
          onClose={() => setAsking(false)}
        >
          <p>
            What was said, its summary, your rating and what was passed on to a person are deleted at once.
          </p>
          <p>It cannot be brought back.</p>
        </Confirm>
      ) : null}
    </>
  );
}
