import { useLocalParticipant, useSession } from '@livekit/components-react';
import {
  ConnectionState,
  DisconnectReason,
  LogLevel,
  Room,
  RoomEvent,
  setLogLevel,
  TokenSource,
} from 'livekit-client';
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { JoinToken } from './api';
import {
  disconnected,
  endedByAssistant,
  HUNG_UP,
  isMicrophoneError,
  microphoneSentence,
  refused,
} from './endings';
import { type CallEvent, type CallState, GIVE_UP_AFTER_MS, newCall, reduce } from './machine';
import { TOPIC } from './messages';
import { addToTranscript, emptyTranscript } from './transcript';
import { useAgentState } from './use-agent-state';
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

/**
 * One call from the button to its end. `useSession` asks for a token when it mounts and again after the end: one
 * call asks once, and mounting this is pressing the button.
 */
export function useLiveCall(requestToken: () => Promise<JoinToken>, withMicrophone: boolean) {
  const room = useMemo(() => new Room({ disconnectOnPageLeave: true }), []);
  const callId = useRef<string | null>(null);
  const tokenSource = useMemo(() => {
    let asked: Promise<JoinToken> | null = null;
    return TokenSource.custom(async () => {
      asked ??= requestToken();
      const token = await asked;
      callId.current = token.call_id;
      return { serverUrl: token.server_url, participantToken: token.participant_token };
    });
  }, [requestToken]);
  const session = useSession(tokenSource, { room, agentConnectTimeoutMilliseconds: GIVE_UP_AFTER_MS });

  const [state, dispatch] = useReducer(step, undefined, () => newCall(Date.now()));
  const [transcript, record] = useReducer(addToTranscript, emptyTranscript);
  const [notice, setNotice] = useState<string | null>(null);
  const happened = useCallback((event: CallEvent) => dispatch({ event, nowMs: Date.now() }), []);

  useEffect(() => {
    const onConnection = (connection: ConnectionState) => {
      if (connection !== ConnectionState.Disconnected) {
        happened({ type: 'connection', connection: CONNECTION[connection] });
      }
    };
    const onDisconnected = (reason?: DisconnectReason) =>
      happened({
        type: 'ended',
        ending: disconnected(reason === undefined ? undefined : DisconnectReason[reason]),
      });
    room.on(RoomEvent.ConnectionStateChanged, onConnection).on(RoomEvent.Disconnected, onDisconnected);
    const clock = setInterval(() => happened({ type: 'clock' }), 1000);
    return () => {
      clearInterval(clock);
      room.off(RoomEvent.ConnectionStateChanged, onConnection).off(RoomEvent.Disconnected, onDisconnected);
    };
  }, [room, happened]);

  useAgentState(
    room,
    useCallback((agent) => happened({ type: 'agent', agent }), [happened]),
  );
  useRoomTexts(room, {
    onCaption: useCallback((caption) => record({ type: 'heard', ...caption }), []),
    onSources: useCallback((message) => record({ type: 'sources', ...message }), []),
    onCall: useCallback(
      (message) =>
        happened(
          message.ended
            ? { type: 'ended', ending: endedByAssistant(message.reason) }
            : { type: 'told', told: message.told, reason: message.reason },
        ),
      [happened],
    ),
  });

  // Started a tick later, so that a mount that is undone at once (React's strict mode) starts nothing.
  const start = useRef(session.start);
  useEffect(() => {
    const timer = setTimeout(() => {
      start
        .current({
          tracks: { microphone: { enabled: withMicrophone, publishOptions: { preConnectBuffer: true } } },
        })
        .catch((error: unknown) => {
          if (isMicrophoneError(error)) setNotice(microphoneSentence(error));
          else happened({ type: 'ended', ending: refused(error) });
        });
    });
    return () => clearTimeout(timer);
  }, [withMicrophone, happened]);

  const ended = state.ending !== null;
  useEffect(() => {
    if (ended) void room.disconnect();
  }, [ended, room]);

  const { isMicrophoneEnabled } = useLocalParticipant({ room });
  const toggleMicrophone = useCallback(async () => {
    try {
      await room.localParticipant.setMicrophoneEnabled(!room.localParticipant.isMicrophoneEnabled);
      setNotice(null);
    } catch (error) {
      setNotice(microphoneSentence(error));
    }
  }, [room]);

  const send = useCallback(
    async (text: string) => {
      try {
        const { id } = await room.localParticipant.sendText(text, { topic: TOPIC.chat });
        record({ type: 'typed', id, text });
        setNotice(null);
      } catch {
        setNotice('Your message could not be sent. Send it again.');
        throw new Error('not sent');
      }
    },
    [room],
  );

  return {
    room,
    state,
    transcript,
    notice,
    callId,
    microphoneOn: isMicrophoneEnabled,
    toggleMicrophone,
    send,
    hangUp: useCallback(() => happened({ type: 'ended', ending: HUNG_UP }), [happened]),
  };
}
