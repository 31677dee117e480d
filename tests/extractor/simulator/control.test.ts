import { describe, expect, it } from 'vitest';
import { get, withSimulator } from './small-world.ts';

function post(address: string, body: unknown): Promise<Response> {
  return fetch(address, { method: 'POST', body: JSON.stringify(body) });
}

describe('the control routes', () => {
  it('tell the time and move it on, to a moment or by seconds', async () => {
    await withSimulator({ control: true }, async ({ url }, clock) => {
      const address = new URL('/simulator/clock', url).href;
      expect(JSON.parse((await get(address, null)).text)).toMatchObject({ now: new Date(clock.now()).toISOString() });
      await post(address, { to: '2027-01-01T00:00:00Z' });
      expect(clock.now()).toBe(Date.UTC(2027, 0, 1));
      expect(await (await post(address, { advanceSeconds: 90 })).json()).toMatchObject({ now: '2027-01-01T00:01:30.000Z' });
    });
  });

  it.each([{ to: 'soon' }, { to: '2001-01-01T00:00:00Z' }, { advanceSeconds: -1 }, {}, 'x'])('refuse %j and stand still', async (body) => {
    await withSimulator({ control: true }, async ({ url }, clock) => {
      const before = clock.now();
      expect((await post(new URL('/simulator/clock', url).href, body)).status).toBe(400);
      expect(clock.now()).toBe(before);
    });
  });

  it('tell what truly happened, and which numbers cannot be read', async () => {
    await withSimulator({ control: true, faults: { brokenForEver: { numbers: [9] } } }, async ({ url }, clock, world) => {
      const told: unknown = JSON.parse((await get(new URL('/simulator/truth', url).href, null)).text);
      const unreadable = { brokenForEver: [9], forbidden: [], gone: [] };
      expect(told).toEqual(JSON.parse(JSON.stringify({ ...world.truth(clock.now()), unreadable })));
    });
  });

  it('are neither counted as requests nor there unless asked for', async () => {
    await withSimulator({ control: true }, async ({ url, requests }) => {
      await get(new URL('/simulator/clock', url).href, null);
      expect(requests.total).toBe(0);
    });
    await withSimulator({}, async ({ url }) => {
      expect((await get(new URL('/simulator/truth', url).href)).status).toBe(404);
    });
  });
});
