import { ConnectionState, LogLevel, Room, RoomEvent, setLogLevel } from 'livekit-client';
import { useCallback, useEffect, useReducer, useState } from 'react';
import type { JoinToken } from './api';
import type { Choice, DeviceKind } from './devices';
import { type Ending, endedByAssistant, HUNG_UP } from './endings';
import { type CallEvent, type CallState, newCall, reduce } from './machine';
import { TOPIC } from './messages';
import { type CallNotice, callNotice } from './notices';
import { addToTranscript, emptyTranscript } from './transcript';
import { useAgentState } from './use-agent-state';
import { useJoin } from './use-join';
import { useLevels } from './use-levels';
import { useMicrophone } from './use-microphone';
import { usePeople } from './use-people';
import { useRoomTexts } from './use-room-texts';

// What LiveKit says at `info` names rooms and people; a caller's console is no place for it.
setLogLevel(LogLevel.warn);

const CONNECTION = {
  [ConnectionState.Connecting]: 'connecting',
  [ConnectionState.Connected]: 'connected',
  [ConnectionState.Reconnecting]: 'reconnecting',
  [ConnectionState.SignalReconnecting]: 'reconnecting',
} as const;

type Stamped = { event: CallEvent; nowMs: number };
const step = (state: CallState, { event, nowMs }: Stamped): CallState => reduce(state, event, nowMs);

export type CallOptions = {
  requestToken: () => Promise<JoinToken>;
  withMicrophone: boolean;
  held: MediaStream | null;
  choice: Choice;
  /** Set when the page ends the call: the caller was signed out, or goes on in another tab. */
  cut: Ending | null;
};

const newRoom = ({ audioinput, audiooutput }: Choice): Room =>
  new Room({
    disconnectOnPageLeave: true,
    ...(audioinput && { audioCaptureDefaults: { deviceId: { ideal: audioinput } } }),
    ...(audiooutput && { audioOutput: { deviceId: audiooutput } }),
  });

/** One call from the button to its end: mounting this is pressing the button, it joins once. */
export function useLiveCall({ requestToken, withMicrophone, held, choice, cut }: CallOptions) {
  const [room] = useState(() => newRoom(choice));
  // The first one stays: a sign-in that changes during the call must not join a second time.
  const [ask] = useState(() => requestToken);
  const [state, dispatch] = useReducer(step, undefined, () => newCall(Date.now()));
  const [transcript, record] = useReducer(addToTranscript, emptyTranscript);
  const [notice, setNotice] = useState<CallNotice | null>(null);
  const happened = useCallback((event: CallEvent) => dispatch({ event, nowMs: Date.now() }), []);
  const end = useCallback((ending: Ending) => happened({ type: 'ended', ending }), [happened]);

  useEffect(() => {
    const onConnection = (connection: ConnectionState) => {
      if (connection !== ConnectionState.Disconnected) {
        happened({ type: 'connection', connection: CONNECTION[connection] });
      }
    };
    room.on(RoomEvent.ConnectionStateChanged, onConnection);
    const clock = setInterval(() => happened({ type: 'clock' }), 1000);
    return () => {
      clearInterval(clock);
      room.off(RoomEvent.ConnectionStateChanged, onConnection);
    };
  }, [room, happened]);

  useAgentState(
    room,
    useCallback((agent) => happened({ type: 'agent', agent }), [happened]),
  );
  usePeople(
    room,
    useCallback((people) => happened({ type: 'people', people }), [happened]),
  );
  useRoomTexts(room, {
    onCaption: useCallback((caption) => record({ type: 'heard', ...caption }), []),
    onSources: useCallback((message) => record({ type: 'sources', ...message }), []),
    onStandIn: useCallback((standIn) => happened({ type: 'stand_in', standIn }), [happened]),
    onEnd: useCallback((reason) => end(endedByAssistant(reason)), [end]),
  });

  const ended = state.ending !== null;
  const { joined, callId } = useJoin(room, { requestToken: ask, ended, onEnd: end });
  const { levels, soundless } = useLevels(room);
  const microphone = useMicrophone(room, {
    wanted: withMicrophone,
    joined,
    ended,
    held,
    soundless,
    tell: setNotice,
  });

  useEffect(() => {
    if (cut) end(cut);
  }, [cut, end]);

  const send = useCallback(
    async (text: string) => {
      try {
        const { id } = await room.localParticipant.sendText(text, { topic: TOPIC.chat });
        record({ type: 'typed', id, text });
        setNotice(null);
      } catch {
        setNotice(callNotice('unsent'));
        throw new Error('not sent');
      }
    },
    [room],
  );

  const switchDevice = useCallback(
    (kind: DeviceKind, id: string) =>
      void room.switchActiveDevice(kind, id).then(
        () => setNotice(null),
        () => setNotice(callNotice(kind === 'audiooutput' ? 'speaker' : 'failed')),
      ),
    [room],
  );

  return {
    room,
    state,
    transcript,
    notice,
    callId,
    levels,
    microphone,
    switchDevice,
    send,
    hangUp: useCallback(() => end(HUNG_UP), [end]),
  };
}
