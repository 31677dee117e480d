import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SuptaskError } from '../../../extractor/errors.ts';
import { createRedactor, Secret } from '../../../extractor/secret.ts';
import { readDelivery } from '../../../extractor/serve/delivery.ts';
import { memberText } from '../../../extractor/serve/member-text.ts';
import { isSecret } from '../../../extractor/serve/shared-secret.ts';
import { interpret } from '../../../extractor/suptask/interpret.ts';

const redact = createRedactor([new Secret('canary-token')]);
const ARRIVAL = { localMs: Date.parse('2026-07-06T10:00:00.900Z'), sourceMs: Date.parse('2026-07-06T11:00:05.900Z') };
const read = (body: string | Uint8Array) => readDelivery(typeof body === 'string' ? Buffer.from(body) : body, ARRIVAL, redact);

describe('the text of a member', () => {
  it('is what stands there, to the letter, whatever stands around it', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.jsonValue(), object, fc.constantFrom(0, 1, '\t'), (before, value, after, indent) => {
        const json = JSON.stringify({ ...before, ticket: value, ...after, ...('ticket' in after ? { ticket: value } : {}) }, null, indent);
        const text = memberText(json, 'ticket');
        expect(JSON.parse(String(text))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(json).toContain(String(text));
      }),
    );
  });

  it.each([
    ['{"ticket": {"a": 1.0,  "b": [ ]} , "c": 1}', '{"a": 1.0,  "b": [ ]}'],
    ['{"x": {"ticket": 1}, "y": ["ticket", {"ticket": 2}]}', null],
    ['{"x": "\\"ticket\\": 1, {", "ticket": 3}', '3'],
    ['{"ticket": 1, "ticket": 2}', '2'],
    ['{"\\u0074icket": "ticket"}', '"ticket"'],
    ['{}', null],
  ])('of %s is %s', (json, text) => {
    expect(memberText(json, 'ticket')).toBe(text);
  });
});

describe('a delivery', () => {
  const TICKET = '{"ticketNumber":"42","teamId":"T1","status":"In-progress","updatedAt":1783332000,"n":1.0,"t":"\\u0041\\u0000"}';

  it('has the hash that a read of the same ticket has', () => {
    const [whole, alone] = [read(`{"eventType":"x","ticket": ${TICKET} }`), read(TICKET)];
    const found = interpret(42, 200, Buffer.from(TICKET), redact);
    expect(found).toMatchObject({ outcome: 'found' });
    for (const row of [whole, alone]) expect(row).toMatchObject('payload' in found ? { payload: found.payload.toString(), payload_hash: found.payloadHash } : {});
  });

  it('arrives on the clock of the source, cut to the second as reads are', () => {
    expect(read(`{"ticket":${TICKET}}`)).toMatchObject({
      ticket_number: 42, channel: 'webhook', outcome: 'found', team_id: 'T1', ticket_status: 'In-progress', run_id: null, observed_basis: 'local_clock',
      observed_at: new Date('2026-07-06T11:00:05Z'), fetched_at: new Date(ARRIVAL.localMs), ticket_updated_at: new Date(1_783_332_000_000),
    });
  });

  it.each(['', 'null', '[]', '"ticket"', '{', '{"ticket":null}', '{"ticket":{}}', '{"ticket":{"ticketNumber":0}}', '{"ticket":{"ticketNumber":-3}}', '{"ticket":{"ticketNumber":"1e3"}}', '{"ticket":[1]}', '\u0000'])(
    '%j is no ticket, and is told with its beginning',
    (body) => {
      const error = read(body);
      expect(error).toBeInstanceOf(SuptaskError);
      expect(error).toMatchObject({ code: 'webhook.unreadable' });
    },
  );

  it('is read or refused, whatever bytes it has, and holds no secret', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const row = read(Buffer.concat([Buffer.from('{"ticketNumber":1,"x":"canary-token'), bytes]));
        expect(JSON.stringify('detail' in row ? row.detail : row)).not.toContain('canary-token');
      }),
    );
  });
});

describe('a shared secret', () => {
  it('is told from everything else', () => {
    const secret = new Secret('0123456789abcdef');
    expect(isSecret('0123456789abcdef', secret)).toBe(true);
    for (const other of ['', '0123456789abcde', '0123456789abcdeF', '0123456789abcdef ', '[redacted]']) expect(isSecret(other, secret), other).toBe(false);
  });
});
