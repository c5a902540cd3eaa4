import { RoomAudioRenderer, useAudioPlayback } from '@livekit/components-react';
import { useEffect, useEffectEvent, useState } from 'react';
import type { Devices } from './devices';
import { During } from './during';
import type { Ending } from './endings';
import type { DeviceChoice } from './sound';
import type { Transcript } from './transcript';
import { useHeard } from './use-heard';
import { type CallOptions, useLiveCall } from './use-live-call';
import { useScreenOn } from './use-screen-on';
import './call.css';

export type FinishedCall = { ending: Ending; transcript: Transcript; callId: string | null };

type Props = CallOptions & {
  devices: Devices;
  onChoose: DeviceChoice['onChoose'];
  onFinished: (call: FinishedCall) => void;
};

/** The live part of a call. Mounting it starts the call; it is loaded only when one is near. */
export default function LiveCall({ devices, onChoose, onFinished, ...options }: Props) {
  const call = useLiveCall(options);
  const { canPlayAudio, startAudio } = useAudioPlayback(call.room);
  // Who types may be where nothing should sound, or hears a screen reader: the voice waits to be turned on.
  const [voiceOn, setVoiceOn] = useState(options.withMicrophone);
  const { ending } = call.state;
  useScreenOn();
  useHeard(call.room, canPlayAudio && voiceOn);

  const finish = useEffectEvent((how: Ending) =>
    onFinished({ ending: how, transcript: call.transcript, callId: call.callId.current }),
  );
  useEffect(() => {
    if (ending) finish(ending);
  }, [ending]);

  return (
    <>
      {/* Muted, it is no longer sent, which takes the server a moment: the volume is off at once. */}
      <RoomAudioRenderer room={call.room} muted={!voiceOn} volume={voiceOn ? 1 : 0} />
      <During
        state={call.state}
        transcript={call.transcript}
        levels={call.levels}
        notice={call.notice}
        microphoneOn={call.microphone.on}
        byTyping={!options.withMicrophone}
        voiceOn={voiceOn}
        sound={{
          devices,
          choice: options.choice,
          onChoose: (kind, id) => {
            onChoose(kind, id);
            call.switchDevice(kind, id);
          },
        }}
        onSound={canPlayAudio || !voiceOn ? null : () => void startAudio()}
        onVoice={() => setVoiceOn(!voiceOn)}
        onMicrophone={() => void call.microphone.toggle()}
        onSend={call.send}
        onEnd={call.hangUp}
      />
    </>
  );
}
