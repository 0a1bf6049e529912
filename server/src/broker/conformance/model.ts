import { canonicalForm, MAX_LOG_ENTRIES, type Position, type QueryKey, type Room } from '@querycast/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Broker, Unsubscribe } from '../broker.js';
import {
  type BrokerUnderTest,
  createRecorder,
  expectContiguous,
  freshRoom,
  numberedKeys,
  offsetOf,
  type Recorder,
} from './harness.js';

/** A room as the dumbest correct log would hold it: everything that was ever appended, in order. */
interface Model {
  readonly room: Room;
  /** The keys of each append; append number `n` leads from offset `n` to `n + 1`. */
  readonly history: QueryKey[][];
  /** The position at each offset. */
  readonly positions: Position[];
  readonly ids: Set<number>;
  /** Every subscription there ever was; it must hear what was appended from `from` up to `until`. */
  readonly subscriptions: Subscription[];
}

interface Subscription {
  readonly recorder: Recorder;
  readonly unsubscribe: Unsubscribe;
  readonly from: number;
  until?: number;
}

type Step =
  | {
      readonly do: 'append';
      readonly room: number;
      readonly from: number;
      readonly count: number;
      readonly id?: number;
    }
  | { readonly do: 'read'; readonly room: number; readonly back: number }
  | { readonly do: 'toggle'; readonly room: number };

const ROOMS = 3;
const roomIndex = fc.nat(ROOMS - 1);

/** Windows of numbered keys: small ones hit the same keys again and again, large ones overflow the log. */
const appendStep: fc.Arbitrary<Step> = fc.record(
  {
    do: fc.constant('append'),
    room: roomIndex,
    from: fc.oneof(fc.nat(8), fc.nat(500)),
    count: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 40, max: 64 })),
    id: fc.nat(5),
  },
  { requiredKeys: ['do', 'room', 'from', 'count'] },
);
const readStep: fc.Arbitrary<Step> = fc.record({ do: fc.constant('read'), room: roomIndex, back: fc.nat(40) });
const toggleStep: fc.Arbitrary<Step> = fc.record({ do: fc.constant('toggle'), room: roomIndex });
const anyStep = fc.oneof(
  { weight: 6, arbitrary: appendStep },
  { weight: 3, arbitrary: readStep },
  { weight: 1, arbitrary: toggleStep },
);

/** Random histories against a model that keeps everything. */
export function modelConformance(use: () => BrokerUnderTest): void {
  it('recovers, whatever was appended, exactly the keys whose newest offset is after the position', async () => {
    const { broker } = use();
    const histories = fc.array(anyStep, { minLength: 5, maxLength: 80, size: 'max' });
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const models = await Promise.all(Array.from({ length: ROOMS }, () => createModel(broker)));
        for (const step of history) {
          const model = models[step.room];
          if (model) await run(broker, model, step);
        }
        await Promise.all(models.map((model) => settle(broker, model)));
      }),
      { numRuns: 60 },
    );
  });

  it('answers a read that races with appends for one moment: its keys are those up to its position', async () => {
    const { broker, peer = broker } = use();
    const batches = fc.array(fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(batches, async (numbers) => {
        const room = freshRoom();
        const { position: start } = await broker.read(room);
        const racing = numbers.map((each, n) => {
          const keys: QueryKey[] = each.map((k) => ['k', k]);
          const appended = (n % 2 ? peer : broker).append({ room, keys });
          return { keys, appended, read: broker.read(room, start) };
        });
        const appends = await Promise.all(
          racing.map(async ({ keys, appended }) => ({ keys, offset: offsetOf((await appended).position) })),
        );
        for (const { read } of racing) {
          const { position, status, keys } = await read;
          const upTo = appends.filter(({ offset }) => offset <= offsetOf(position)).flatMap((each) => each.keys);
          expect(status).toBe('recovered');
          expect(forms(keys)).toEqual(forms(upTo));
        }
      }),
      { numRuns: 30 },
    );
  });
}

async function createModel(broker: Broker): Promise<Model> {
  const room = freshRoom();
  const { position } = await broker.read(room);
  return { room, history: [], positions: [position], ids: new Set(), subscriptions: [] };
}

async function run(broker: Broker, model: Model, step: Step): Promise<void> {
  if (step.do === 'append') await append(broker, model, step);
  else if (step.do === 'read') await checkRead(broker, model, Math.max(0, model.history.length - step.back));
  else await toggle(broker, model);
}

async function append(broker: Broker, model: Model, step: Extract<Step, { do: 'append' }>): Promise<void> {
  const { room, history, positions, ids } = model;
  const keys = numberedKeys(step.count, step.from);
  const { position } = await broker.append({ room, keys, ...(step.id === undefined ? {} : { id: `id-${step.id}` }) });
  if (step.id !== undefined && ids.has(step.id)) {
    expect(position).toBe(positions.at(-1));
    return;
  }
  if (step.id !== undefined) ids.add(step.id);
  history.push(keys);
  positions.push(position);
  expect(offsetOf(position)).toBe(history.length);
}

/** The floor as the model sees it: exact as long as the keys after the position still fit in the log. */
async function checkRead(broker: Broker, { room, history, positions }: Model, offset: number): Promise<void> {
  const read = await broker.read(room, positions[offset]);
  const after = forms(history.slice(offset).flat());
  expect(read.position).toBe(positions.at(-1));
  if (after.length > MAX_LOG_ENTRIES) expect(read).toMatchObject({ status: 'resync', cause: 'floor', keys: [] });
  else expect({ status: read.status, keys: forms(read.keys) }).toEqual({ status: 'recovered', keys: after });
  expect(read.keys).toHaveLength(read.status === 'recovered' ? after.length : 0);
}

async function toggle(broker: Broker, { room, history, subscriptions }: Model): Promise<void> {
  const open = subscriptions.at(-1);
  if (open && open.until === undefined) {
    await heardAll(open, history.length);
    open.until = history.length;
    await open.unsubscribe();
    return;
  }
  const recorder = createRecorder();
  const unsubscribe = await broker.subscribe(room, recorder.deliver);
  subscriptions.push({ recorder, unsubscribe, from: history.length });
}

async function settle(broker: Broker, model: Model): Promise<void> {
  const { history, positions, subscriptions } = model;
  for (const offset of positions.keys()) await checkRead(broker, model, offset);
  for (const subscription of subscriptions) {
    const until = subscription.until ?? history.length;
    const envelopes = await heardAll(subscription, until);
    expect(envelopes).toHaveLength(until - subscription.from);
    expect(envelopes.map(({ position }) => position)).toEqual(positions.slice(subscription.from + 1, until + 1));
    expect(envelopes.map(({ keys }) => forms(keys))).toEqual(history.slice(subscription.from, until).map(forms));
    expectContiguous(envelopes);
    await subscription.unsubscribe();
  }
}

function heardAll({ recorder, from }: Subscription, until: number) {
  return recorder.heard(until - from);
}

/** Canonical forms without repetitions, sorted: keys as a set. */
function forms(keys: readonly QueryKey[]): string[] {
  return [...new Set(keys.map(canonicalForm))].sort();
}
