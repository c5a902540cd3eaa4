import { RoomAudioRenderer, useAudioPlayback } from '@livekit/components-react';
import { useEffect, useEffectEvent } from 'react';
import type { JoinToken } from './api';
import { During } from './during';
import type { Ending } from './endings';
import type { Transcript } from './transcript';
import { useLevels } from './use-levels';
import { useLiveCall } from './use-live-call';

export type FinishedCall = { ending: Ending; transcript: Transcript; callId: string | null };

type Props = {
  requestToken: () => Promise<JoinToken>;
  withMicrophone: boolean;
  onFinished: (call: FinishedCall) => void;
};

/** The live part of a call. Mounting it starts the call; it is loaded only when one is near. */
export default function LiveCall({ requestToken, withMicrophone, onFinished }: Props) {
  const call = useLiveCall(requestToken, withMicrophone);
  const levels = useLevels(call.room);
  const { canPlayAudio, startAudio } = useAudioPlayback(call.room);
  const { ending } = call.state;

  const finish = useEffectEvent((how: Ending) =>
    onFinished({ ending: how, transcript: call.transcript, callId: call.callId.current }),
  );
  useEffect(() => {
    if (ending) finish(ending);
  }, [ending]);

  return (
    <>
      <RoomAudioRenderer room={call.room} />
      <During
        state={call.state}
        transcript={call.transcript}
        levels={levels}
        notice={call.notice}
        microphoneOn={call.microphoneOn}
        startTyping={!withMicrophone}
        onSound={canPlayAudio ? null : () => void startAudio()}
        onMicrophone={() => void call.toggleMicrophone()}
        onSend={call.send}
        onEnd={call.hangUp}
      />
    </>
  );
}
