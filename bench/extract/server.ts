/**
 * The source of `npm run bench:extract`, a process of its own: tickets of the simulated world as
 * ready texts, so that the server costs as little as one can, and headers that allow a billion
 * requests a window. It says its address to its parent, and at each message how many requests it
 * has answered since the last one.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRandom } from '../../extractor/simulator/random.ts';
import type { Ticket } from '../../extractor/suptask/ticket.ts';
import { createWorld } from '../../extractor/simulator/world.ts';

const PATH = '/api/v2/public/ticket/';

/** More than a batch has rows and a compressor remembers: a body that came before helps no writer. */
const BODIES = 10_000;

/** Bytes of a ticket on average; the simulated ones are shorter and are given a note of words. */
const LEAST_BYTES = 2_180;

const NUMBER = '"ticketNumber":';
const WORDS = 'ticket order invoice please check again account access delivery since morning thanks partner warehouse payment login report'.split(' ');

/** Each body in two halves: what stands before its number, and after. */
function readyBodies(): { head: string; tail: string }[] {
  const world = createWorld({ seed: 1, tickets: BODIES, days: 600, startsAt: Date.UTC(2024, 0, 1) });
  return Array.from({ length: BODIES }, (_, index) => {
    const { ticketNumber: _own, ticket_number: _older, ...ticket } = world.ticket(index + 1, world.horizon) ?? ({} as Ticket);
    const text = JSON.stringify({ ...ticket, note: noteOf(index, LEAST_BYTES - JSON.stringify(ticket).length) });
    return { head: `{${NUMBER}`, tail: `,${text.slice(1)}` };
  });
}

function noteOf(seed: number, bytes: number): string {
  const random = createRandom(1, seed);
  const words: string[] = [];
  for (let length = 0; length < bytes; length += (words.at(-1)?.length ?? 0) + 1) words.push(random.chance(0.2) ? String(random.integer(1, 99_999)) : random.pick(WORDS));
  return words.join(' ');
}

const bodies = readyBodies();
const rateHeaders = { 'X-RateLimit-Limit': '1000000000', 'X-RateLimit-Remaining': '999999999', 'X-RateLimit-Reset': '900' };
let answered = 0;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  answered += 1;
  const number = Number(request.url?.slice(PATH.length));
  const { head, tail } = bodies[number % BODIES] ?? { head: '{', tail: '}' };
  const body = `${head}${number}${tail}`;
  response.writeHead(200, { ...rateHeaders, 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2/public` }));
process.on('message', () => {
  process.send?.({ answered });
  answered = 0;
});
process.on('disconnect', () => process.exit());
