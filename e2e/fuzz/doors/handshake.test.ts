import { CONNECT_CODES } from '@querycast/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzz, TIMEOUT_MS } from '../run/fuzz.js';
import { startFuzzedGateway, TOKEN } from '../run/fuzzed-gateway.js';
import { isWhole } from '../run/judge.js';
import { parsedJson } from '../run/parsed-json.js';
import { rawClient } from '../run/raw-client.js';
import { position, room } from '../values/messages.js';
import { mutatedText } from '../values/mutated.js';
import { nastyText } from '../values/nasty.js';

const auth = fc.record(
  {
    token: fc.oneof({ weight: 4, arbitrary: fc.constant(TOKEN) }, { weight: 1, arbitrary: nastyText }),
    protocol: fc.oneof(
      { weight: 6, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.constantFrom(0, 2, 1.5, '1') },
    ),
    positions: fc
      .array(fc.tuple(fc.oneof(room, nastyText), fc.oneof(position, nastyText)), { maxLength: 3 })
      .map(Object.fromEntries),
    client: fc.oneof(fc.constant('tab'), nastyText),
  },
  { requiredKeys: ['token', 'protocol'] },
);

const knock = fc.record({
  text: mutatedText(auth).filter((text) => Buffer.byteLength(text) < 16_000),
  namespace: fc.oneof(
    { weight: 9, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom('/,', '/admin,', '/__proto__,') },
  ),
});

test(
  'who does not carry what the handshake needs stays outside and is told its code, whatever it carries instead',
  async () => {
    const gateway = await startFuzzedGateway();
    const outcomes = await fuzz({
      door: 'handshakes',
      seed: 107,
      // Each is a connection of its own, which costs as much as several messages.
      share: 0.75,
      input: knock,
      async judge({ text, namespace }) {
        const client = await rawClient(gateway.url);
        await client.until('0');
        client.send(`40${namespace}${text}`);
        const answer = await firstOf(client);
        client.close();
        const value = parsedJson(text);
        if (answer === undefined) {
          expect(isGoodAuth(value) && isMain(namespace), 'what is good is not cut').toBe(false);
          return 'cut';
        }
        if (answer.startsWith('40')) {
          expect(isGoodAuth(value) && isMain(namespace), 'only what is good comes in').toBe(true);
          return 'in';
        }
        const refusal = parsedJson(answer.slice(answer.indexOf('{'))) as {
          message: string;
          data?: { code: string; message: string };
        };
        if (!isMain(namespace)) return `refused, ${refusal.message}`;
        expect(isGoodAuth(value), 'what is good comes in').toBe(false);
        expect(Object.keys(CONNECT_CODES)).toContain(refusal.data?.code);
        expect(JSON.stringify(refusal)).not.toContain(TOKEN);
        return `refused, ${refusal.data?.code}`;
      },
      async afterwards() {
        await gateway.expectGoodService();
        // Nobody who was left outside is kept.
        await expect.poll(() => gateway.gateway.sessions()).toEqual([]);
      },
    });
    expect(Object.keys(outcomes)).toEqual(
      expect.arrayContaining(['in', 'cut', 'refused, token_invalid', 'refused, protocol_unsupported']),
    );
    await gateway.close();
  },
  TIMEOUT_MS,
);

const query = fc.oneof(
  fc.constantFrom(
    'EIO=3&transport=websocket',
    'EIO=4&transport=polling',
    'EIO=4&transport=__proto__',
    'EIO=4&transport=webtransport',
    '',
  ),
  fc.tuple(nastyText, nastyText).map(([sid, more]) => `EIO=4&transport=websocket&sid=${encoded(sid)}&${encoded(more)}`),
  nastyText.map((text) => `EIO=4&transport=websocket&token=${encoded(text)}`),
);

test(
  'an upgrade with an odd address is refused or served, and nothing else comes of it',
  async () => {
    const gateway = await startFuzzedGateway();
    await fuzz({
      door: 'upgrades',
      seed: 108,
      share: 0.25,
      input: query,
      async judge(odd) {
        const client = await rawClient(gateway.url, odd);
        const first = await client.next();
        client.close();
        return first === undefined ? 'refused' : 'served';
      },
      afterwards: gateway.expectGoodService,
    });
    await gateway.close();
  },
  TIMEOUT_MS,
);

/** The answer to CONNECT: in, or an error; `undefined` when the gateway has cut. */
async function firstOf(client: Awaited<ReturnType<typeof rawClient>>): Promise<string | undefined> {
  for (;;) {
    const message = await client.next();
    if (message === undefined || message.startsWith('40') || message.startsWith('44')) return message;
  }
}

const isMain = (namespace: string) => namespace === '' || namespace === '/,';

/** As the document has it; what a client remembers of positions may be junk. */
function isGoodAuth(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { token, protocol, positions, client } = value as Record<string, unknown>;
  const isObject = typeof positions === 'object' && positions !== null && !Array.isArray(positions);
  return (
    token === TOKEN &&
    isWhole(protocol, 1, 1) &&
    (positions === undefined || isObject) &&
    (client === undefined || (typeof client === 'string' && client.length >= 1 && client.length <= 64))
  );
}

function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '?'));
}
