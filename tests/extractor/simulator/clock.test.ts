import { describe, expect, it } from 'vitest';
import { RunningClock, SimulatedClock } from '../../../extractor/simulator/clock.ts';

describe('the simulated clock', () => {
  it('stands still until told, and never goes back', () => {
    const clock = new SimulatedClock(1_000);
    clock.advanceTo(5_000);
    clock.advanceTo(2_000);
    expect(clock.now()).toBe(5_000);
  });

  it('jumps to the end of a sleep', async () => {
    const clock = new SimulatedClock(0);
    await clock.sleep(86_400_000);
    expect(clock.now()).toBe(86_400_000);
  });

  it('does not move before the sleeper has let other work go first', async () => {
    const clock = new SimulatedClock(0);
    const sleeping = clock.sleep(1_000);
    await Promise.resolve();
    expect(clock.now()).toBe(0);
    await sleeping;
  });

  it('wakes sleepers in the order of their time, whoever slept first', async () => {
    const clock = new SimulatedClock(0);
    const woken: [string, number][] = [];
    const long = clock.sleep(60_000).then(() => woken.push(['long', clock.now()]));
    const short = (async () => {
      for (let turn = 0; turn < 3; turn++) {
        await clock.sleep(1_000);
        woken.push(['short', clock.now()]);
      }
    })();
    await Promise.all([long, short]);
    expect(woken).toEqual([['short', 1_000], ['short', 2_000], ['short', 3_000], ['long', 60_000]]);
  });

  it('wakes whom a told move has passed', async () => {
    const clock = new SimulatedClock(0);
    const sleeping = clock.sleep(1_000);
    clock.advanceTo(10_000);
    await sleeping;
    expect(clock.now()).toBe(10_000);
  });

  it('rejects an aborted sleep with its reason and does not move', async () => {
    const clock = new SimulatedClock(0);
    const controller = new AbortController();
    const sleeping = clock.sleep(1_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    await expect(clock.sleep(1_000, controller.signal)).rejects.toThrow('enough');
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).toBe(0);
  });
});

describe('the running clock', () => {
  it('runs at its speed against real time and can be moved on', () => {
    let realMs = 50;
    const clock = new RunningClock(1_000_000, 60, () => realMs);
    realMs += 1_000;
    expect(clock.now()).toBe(1_060_000);
    clock.advanceTo(2_000_000);
    clock.advanceTo(1_500_000);
    realMs += 500;
    expect(clock.now()).toBe(2_030_000);
  });

  it('refuses a speed at which it would not run', () => {
    expect(() => new RunningClock(0, 0)).toThrow(RangeError);
  });

  it('rejects an aborted sleep', async () => {
    const controller = new AbortController();
    const sleeping = new RunningClock(0, 1).sleep(3_600_000, controller.signal);
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
  });
});
