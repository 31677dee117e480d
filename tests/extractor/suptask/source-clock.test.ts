import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../../extractor/simulator/clock.ts';
import { SourceClock } from '../../../extractor/suptask/source-clock.ts';

const NOON = Date.parse('2026-07-06T12:00:00Z');
const HOUR = 3_600_000;

describe('the source’s clock', () => {
  it('is this machine’s until an answer told otherwise', () => {
    expect(new SourceClock(new SimulatedClock(NOON)).now()).toBe(NOON);
    expect(new SourceClock(new SimulatedClock(NOON), -HOUR).now()).toBe(NOON - HOUR);
  });

  it('is as far away as the last answer’s Date says', () => {
    const local = new SimulatedClock(NOON);
    const source = new SourceClock(local);
    source.observe(NOON + HOUR, NOON);
    expect(source.now()).toBe(NOON + HOUR);
    local.advanceTo(NOON + 500);
    expect(source.now()).toBe(NOON + HOUR + 500);
  });

  it('takes of measurements that agree the one that was cut the least', () => {
    const source = new SourceClock(new SimulatedClock(NOON + 900));
    source.observe(NOON, NOON + 900);
    source.observe(NOON, NOON + 100);
    source.observe(NOON, NOON + 700);
    expect(source.now()).toBe(NOON + 800);
  });

  it('follows when one of the clocks was put right', () => {
    const source = new SourceClock(new SimulatedClock(NOON));
    source.observe(NOON + HOUR, NOON);
    source.observe(NOON, NOON);
    expect(source.now()).toBe(NOON);
  });

  it('does not go back behind what the source last showed when the local clock is set back', () => {
    const source = new SourceClock(new SimulatedClock(NOON - HOUR), 0, NOON);
    expect(source.now()).toBe(NOON);
    source.observe(NOON + 5_000, NOON - HOUR);
    expect(source.now()).toBe(NOON + 5_000);
  });
});
