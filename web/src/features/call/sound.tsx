import { useId } from 'react';
import { type Choice, chosenAmong, type DeviceKind, type Devices } from './devices';
import { InputLevel } from './input-level';
import { TestSound } from './test-sound';

export type DeviceChoice = {
  devices: Devices;
  choice: Choice;
  onChoose: (kind: DeviceKind, id: string) => void;
};

/** Microphone with its level, and speaker where the browser lets a page choose one. */
export function Sound({ sound, level }: { sound: DeviceChoice; level: () => number }) {
  const { devices, choice } = sound;
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-col gap-3">
        <Picker kind="audioinput" label="Microphone" sound={sound} />
        <InputLevel level={level} />
      </div>
      {devices.audiooutput.length > 0 ? (
        <div className="flex flex-col gap-3">
          <Picker kind="audiooutput" label="Speaker" sound={sound} />
          <TestSound speakerId={chosenAmong(devices.audiooutput, choice.audiooutput)} />
        </div>
      ) : (
        <p className="text-15 text-muted">
          This browser plays the assistant on your device’s own speaker. Change it in the device’s settings.
        </p>
      )}
    </div>
  );
}

function Picker({ kind, label, sound }: { kind: DeviceKind; label: string; sound: DeviceChoice }) {
  const id = useId();
  const devices = sound.devices[kind];
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <select
        id={id}
        value={chosenAmong(devices, sound.choice[kind])}
        disabled={devices.length === 0}
        onChange={(event) => sound.onChoose(kind, event.target.value)}
        className="min-h-11 w-full min-w-0 rounded-8 border border-edge bg-raised px-3 text-15 text-ink disabled:text-muted"
      >
        {devices.length === 0 ? <option value="">None found</option> : null}
        {devices.map((device) => (
          <option key={device.id} value={device.id}>
            {device.label}
          </option>
        ))}
      </select>
    </div>
  );
}
