import { describe, expect, it } from 'vitest';
import { faultsNamed, FAULT_NAMES, strikes } from '../../../extractor/simulator/faults.ts';
import { get, TOKEN, withSimulator } from './small-world.ts';

const always = { probability: 1 };

describe('a fault', () => {
  it('strikes by number, or by a share of the answers that does not depend on their order', () => {
    expect(strikes({ slow: { numbers: [3], delayMs: 1 } }, 'slow', 3, 9)).toBe(true);
    expect(strikes({ slow: { numbers: [3], delayMs: 1 } }, 'slow', 4, 9)).toBe(false);
    const faults = { seed: 5, serverError: { probability: 0.1 } };
    const struck = Array.from({ length: 2_000 }, (_, index) => strikes(faults, 'serverError', index % 50, index));
    expect(struck.filter(Boolean).length).toBeGreaterThan(140);
    expect(struck.filter(Boolean).length).toBeLessThan(260);
    expect(struck).toEqual(Array.from({ length: 2_000 }, (_, index) => strikes(faults, 'serverError', index % 50, index)));
  });

  it('that lasts for ever strikes a number at every attempt or at none', () => {
    const faults = { gone: { probability: 0.5 } };
    for (let number = 1; number <= 50; number++) {
      const attempts = [1, 2, 3, 4].map((attempt) => strikes(faults, 'gone', number, attempt));
      expect(new Set(attempts).size).toBe(1);
    }
  });

  it('has a name on the command line, or is refused with those that have', () => {
    for (const name of FAULT_NAMES) expect(Object.keys(faultsNamed([name], 1, 100)).length).toBeGreaterThan(1);
    expect(faultsNamed(['slow', 'gone'], 1, 100)).toMatchObject({ seed: 1, slow: {}, gone: {} });
    expect(() => faultsNamed(['sloth'], 1, 100)).toThrow(/no fault "sloth"; known are demo, slow/);
  });
});

describe('a simulator with faults', () => {
  it('holds answers back while others go out, and delivers them whole', async () => {
    await withSimulator({ faults: { slow: { numbers: [1], delayMs: 3_600_000 } } }, async (simulator) => {
      const held = get(`${simulator.url}/ticket/1`).then(() => 'answered', () => 'never answered');
      expect((await get(`${simulator.url}/ticket/2`)).status).toBe(200);
      await simulator.close();
      expect(await held).toBe('never answered');
    });
    await withSimulator({ faults: { slow: { ...always, delayMs: 1 } } }, async ({ url }, clock, world) => {
      expect(JSON.parse((await get(`${url}/ticket/1`)).text)).toEqual(world.ticket(1, clock.now()));
    });
  });

  it('cuts bodies', async () => {
    await withSimulator({ faults: { cutBody: always } }, async ({ url }) => {
      await expect(get(`${url}/ticket/1`)).rejects.toThrow(/aborted|ECONNRESET|hang up/);
    });
  });

  it('closes connections before an answer, and counts them as status 0', async () => {
    await withSimulator({ faults: { closedConnection: always } }, async ({ url, requests }) => {
      await expect(get(`${url}/ticket/1`)).rejects.toThrow(/hang up|ECONNRESET/);
      expect(requests.byStatus).toEqual({ 0: 1 });
    });
  });

  it('sends broken JSON', async () => {
    await withSimulator({ faults: { brokenJson: always } }, async ({ url }) => {
      const reply = await get(`${url}/ticket/1`);
      expect(reply.status).toBe(200);
      expect(() => JSON.parse(reply.text) as unknown).toThrow(SyntaxError);
    });
  });

  it('echoes the token in an error, and a wrong one in a 401', async () => {
    await withSimulator({ faults: { echoedToken: always } }, async ({ url }) => {
      const reply = await get(`${url}/ticket/1`);
      expect([reply.status, reply.text.includes(TOKEN)]).toEqual([500, true]);
      expect((await get(`${url}/ticket/1`, 'Bearer guessed')).text).toContain('guessed');
    });
  });

  it('answers with another number, or with none', async () => {
    await withSimulator({ faults: { otherNumber: { numbers: [5] }, missingNumber: { numbers: [6] } } }, async ({ url }) => {
      expect(JSON.parse((await get(`${url}/ticket/5`)).text)).toMatchObject({ ticketNumber: 6 });
      expect((await get(`${url}/ticket/6`)).text).not.toMatch(/ticketNumber|ticket_number/);
    });
  });

  it('answers 500 to all, 404 to what is gone, and too much', async () => {
    await withSimulator({ faults: { serverError: always } }, async (simulator) => {
      expect((await get(`${simulator.url}/ticket/1`)).status).toBe(500);
      simulator.setFaults({ gone: { numbers: [1] }, oversizeBody: { numbers: [2], bytes: 5_000_000 } });
      expect((await get(`${simulator.url}/ticket/1`)).status).toBe(404);
      expect((await get(`${simulator.url}/ticket/2`)).text.length).toBeGreaterThan(5_000_000);
      simulator.setFaults({});
      expect((await get(`${simulator.url}/ticket/1`)).status).toBe(200);
    });
  });
});
