import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../../extractor/suptask/ticket.ts';
import { demoFaults, numbersStruck } from '../../../extractor/simulator/faults.ts';
import { startSimulator } from '../../../extractor/simulator/server.ts';
import { get, STARTS_AT, TOKEN, withSimulator } from './small-world.ts';

const WINDOW_MS = 15 * 60_000;

describe('who may read', () => {
  it.each([`Api-Token ${TOKEN}`, `Bearer ${TOKEN}`])('answers 200 to "%s"', async (authorization) => {
    await withSimulator({}, async ({ url }) => {
      expect((await get(`${url}/ticket/1`, authorization)).status).toBe(200);
    });
  });

  it.each([`api-token ${TOKEN}`, `Token ${TOKEN}`, `bearer ${TOKEN}`, TOKEN, `Api-Token: ${TOKEN}`])(
    'answers 400 to the spelling "%s"',
    async (authorization) => {
      await withSimulator({}, async ({ url }) => {
        expect((await get(`${url}/ticket/1`, authorization)).status).toBe(400);
      });
    },
  );

  it.each([null, 'Api-Token wrong', 'Bearer wrong', 'Api-Token', `Bearer ${TOKEN}x`])('answers 401 to "%s"', async (authorization) => {
    await withSimulator({}, async ({ url }) => {
      const reply = await get(`${url}/ticket/1`, authorization);
      expect(reply.status).toBe(401);
      expect(JSON.parse(reply.text)).toEqual({ message: 'Not authorized' });
    });
  });
});

describe('a read', () => {
  it('gives the ticket as the world shows it at the clock’s time', async () => {
    await withSimulator({}, async ({ url }, clock, world) => {
      const reply = await get(`${url}/ticket/7`);
      expect(JSON.parse(reply.text)).toEqual(world.ticket(7, clock.now()));
      expect((await get(`${url}/ticket/7`)).text).toBe(reply.text);
      expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    });
  });

  it('sees a ticket and each change of it from that second of the clock on', async () => {
    await withSimulator({ beginsAt: STARTS_AT }, async ({ url }, clock, world) => {
      const { createdAt = 0, events = [] } = world.truth(world.horizon).tickets[249] ?? {};
      const assigned = events.find(({ field }) => field === 'assignee');
      const read = async (at: number) => {
        clock.advanceTo(at);
        const { status, text } = await get(`${url}/ticket/250`);
        return [status, (JSON.parse(text) as Ticket).assignee];
      };
      expect(await read(createdAt - 1)).toEqual([404, undefined]);
      expect(await read(createdAt)).toEqual([200, 'UNASSIGNED']);
      expect(await read((assigned?.at ?? 0) - 1)).toEqual([200, 'UNASSIGNED']);
      expect(await read(assigned?.at ?? 0)).toEqual([200, assigned?.to]);
    });
  });

  it('dates its answer by the clock, not by the machine', async () => {
    await withSimulator({}, async ({ url }, clock) => {
      clock.advanceTo(Date.parse('2031-02-03T04:05:06.789Z'));
      expect((await get(`${url}/ticket/1`)).headers.date).toBe('Mon, 03 Feb 2031 04:05:06 GMT');
    });
  });

  it.each(['abc', '1a', '-1', '1.5', ''])('answers 400 to the number "%s"', async (number) => {
    await withSimulator({}, async ({ url }) => {
      expect((await get(`${url}/ticket/${number}`)).status).toBe(400);
    });
  });

  it('answers 404 to numbers that no ticket has, and to any other route', async () => {
    await withSimulator({}, async ({ url }) => {
      for (const path of ['/ticket/0', '/ticket/301', '/ticket/99999999999999999999', '/tickets', '/ticket']) {
        expect((await get(url + path)).status, path).toBe(404);
      }
    });
  });

  it('counts what was asked, by status and by number', async () => {
    await withSimulator({}, async ({ url, requests }) => {
      for (const path of ['1', '1', '999', 'x']) await get(`${url}/ticket/${path}`);
      await get(`${url}/ticket/1`, null);
      expect(requests).toEqual({ total: 5, byStatus: { 200: 2, 400: 1, 401: 1, 404: 1 }, byNumber: new Map([[1, 2], [999, 1]]) });
    });
  });
});

describe('the rate limit', () => {
  const rateLimit = { requests: 3, windowMs: WINDOW_MS };

  it('counts each authenticated answer, 404 and 500 too, but neither 401 nor a refusal', async () => {
    await withSimulator({ rateLimit, faults: { brokenForEver: { numbers: [2] } } }, async ({ url }, clock) => {
      const statuses: number[] = [];
      await get(`${url}/ticket/1`, null);
      for (const path of ['1', '999', '2', '1', '1']) statuses.push((await get(`${url}/ticket/${path}`)).status);
      expect(statuses).toEqual([200, 404, 500, 429, 429]);
      clock.advanceTo(clock.now() + WINDOW_MS);
      expect((await get(`${url}/ticket/1`)).status).toBe(200);
    });
  });

  it('says on every answer what is left, and on a refusal how long to wait, in JSON', async () => {
    await withSimulator({ rateLimit }, async ({ url }, clock) => {
      const first = await get(`${url}/ticket/1`);
      const resetsAt = String(Math.ceil((clock.now() + WINDOW_MS) / 1000));
      expect(first.headers).toMatchObject({ 'x-ratelimit-limit': '3', 'x-ratelimit-remaining': '2', 'x-ratelimit-reset': resetsAt });
      expect(first.headers).not.toHaveProperty('retry-after');
      await get(`${url}/ticket/1`);
      await get(`${url}/ticket/1`);
      clock.advanceTo(clock.now() + 60_000);
      const refused = await get(`${url}/ticket/1`);
      expect(refused.headers).toMatchObject({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': resetsAt, 'retry-after': '840' });
      expect(JSON.parse(refused.text)).toEqual({ message: 'Too many requests' });
    });
  });

  it('may tell the reset in seconds, slide, and keep Retry-After to itself', async () => {
    await withSimulator({ rateLimit, resetForm: 'seconds_to_wait', window: 'sliding', retryAfter: false }, async ({ url }, clock) => {
      await get(`${url}/ticket/1`);
      clock.advanceTo(clock.now() + WINDOW_MS - 10_000);
      await get(`${url}/ticket/1`);
      await get(`${url}/ticket/1`);
      const refused = await get(`${url}/ticket/1`);
      expect([refused.status, refused.headers['x-ratelimit-reset']]).toEqual([429, '10']);
      expect(refused.headers).not.toHaveProperty('retry-after');
      clock.advanceTo(clock.now() + 10_000);
      expect((await get(`${url}/ticket/1`)).status).toBe(200);
      expect((await get(`${url}/ticket/1`)).status).toBe(429);
    });
  });

  it('may keep its headers to itself, and be absent', async () => {
    await withSimulator({ rateLimit, rateHeaders: false }, async ({ url }) => {
      expect(Object.keys((await get(`${url}/ticket/1`)).headers).join()).not.toContain('ratelimit');
    });
    await withSimulator({ rateLimit: null }, async ({ url }) => {
      for (let read = 0; read < 120; read++) await get(`${url}/ticket/1`);
      const last = await get(`${url}/ticket/1`);
      expect(last.status).toBe(200);
      expect(Object.keys(last.headers).join()).not.toContain('ratelimit');
    });
  });

  it('is 100 requests in 15 minutes unless told otherwise', async () => {
    await withSimulator({}, async (_, clock, world) => {
      const simulator = await startSimulator({ world, clock, token: TOKEN });
      expect((await get(`${simulator.url}/ticket/1`)).headers['x-ratelimit-limit']).toBe('100');
      await simulator.close();
    });
  });
});

describe('the demo’s faults', () => {
  it('break and forbid a few numbers for ever, the same for the same seed', async () => {
    const faults = demoFaults(4, 300);
    expect(demoFaults(4, 300)).toEqual(faults);
    const [broken, forbidden] = [numbersStruck(faults, 'brokenForEver', 300), numbersStruck(faults, 'forbidden', 300)];
    expect(broken.length + forbidden.length).toBeGreaterThan(0);
    expect(broken.length + forbidden.length).toBeLessThanOrEqual(4);
    await withSimulator({ faults }, async ({ url }) => {
      for (const number of forbidden) expect((await get(`${url}/ticket/${number}`)).status).toBe(403);
      const reply = await get(`${url}/ticket/${broken[0]}`);
      expect([reply.status, JSON.parse(reply.text)]).toEqual([500, { message: 'Failed to fetch ticket form fields' }]);
    });
  });

  it('are off unless asked for', async () => {
    await withSimulator({}, async ({ url, requests }) => {
      for (let number = 1; number <= 300; number++) await get(`${url}/ticket/${number}`);
      expect(requests.byStatus).toEqual({ 200: 300 });
    });
  });
});
