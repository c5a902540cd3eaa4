import clsx from 'clsx';
import { Mic, MicOff } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { Button } from '@/components/button';
import {
  closeStream,
  type MicrophoneTrouble,
  microphoneExists,
  microphonePermission,
  onPermissionChange,
  openMicrophone,
  troubleOf,
} from './microphone';
import { useArrival } from './use-arrival';
import { ASKING } from './wording';

type Props = {
  deviceId: string | null;
  /** The microphone is open; whoever takes it closes it. */
  onOpen: (stream: MediaStream) => void;
  onType: () => void;
  onBack: () => void;
};

type Step = 'before' | 'asked' | MicrophoneTrouble;

/** Says what the browser is about to ask, asks, and shows the way on when the answer was no. */
export function AskMicrophone({ deviceId, onOpen, onType, onBack }: Props) {
  const [step, setStep] = useState<Step>(microphoneExists() ? 'before' : 'insecure');
  const heading = useArrival<HTMLHeadingElement>();

  // The browser's question stays open when the caller goes on without it: an answer then starts nothing.
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);

  const ask = async () => {
    setStep('asked');
    try {
      const stream = await openMicrophone(deviceId);
      if (gone.current) closeStream(stream);
      else onOpen(stream);
    } catch (error) {
      setStep(troubleOf(error));
    }
  };
  const allowed = useEffectEvent(() => {
    if (step === 'blocked') void ask();
  });
  useEffect(() => {
    void microphonePermission().then((permission) => permission === 'denied' && setStep('blocked'));
    return onPermissionChange((permission) => permission === 'granted' && allowed());
  }, []);

  const { what, next } = ASKING[step];
  const troubled = step !== 'before' && step !== 'asked';
  const Icon = troubled ? MicOff : Mic;
  return (
    <main className="mx-auto flex w-full max-w-md flex-1 flex-col justify-center gap-8 px-4 py-12">
      <div className="flex flex-col items-center gap-4 text-center" data-asking={step}>
        <span
          className={clsx(
            'grid size-24 place-items-center rounded-full',
            troubled ? 'bg-warn-wash text-warn' : 'bg-accent-wash text-accent',
          )}
        >
          <Icon aria-hidden size={32} strokeWidth={1.75} />
        </span>
        <h1 ref={heading} tabIndex={-1} className="text-24 outline-none">
          {what}
        </h1>
        <p role="status" className="text-balance text-17 text-muted">
          {next}
        </p>
      </div>
      <div className="flex flex-col gap-3">
        {step === 'insecure' ? null : (
          <Button kind="primary" disabled={step === 'asked'} onClick={() => void ask()}>
            {step === 'before' ? 'Continue' : step === 'asked' ? 'Waiting for your answer…' : 'Try again'}
          </Button>
        )}
        <Button kind={step === 'insecure' ? 'primary' : 'secondary'} onClick={onType}>
          Type instead
        </Button>
        <Button kind="quiet" onClick={onBack}>
          Back
        </Button>
      </div>
    </main>
  );
}
