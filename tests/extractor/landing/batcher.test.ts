import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Batcher } from '../../../extractor/landing/batcher.ts';
import type { Landing } from '../../../extractor/landing/landing.ts';
import type { Row } from '../../../extractor/landing/streams.ts';

const row = (id: number): Row<'error_events'> => ({ correlation_id: String(id), at: new Date(0), code: 'defect', message: '', detail: null });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A landing that notes what is written, and how long each write takes. */
function slowLanding(writeMs: number) {
  const written: { ids: string[]; atMs: number }[] = [];
  const append = async (_: string, rows: readonly Row<'error_events'>[]) => {
    if (rows.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, writeMs));
    written.push({ ids: rows.map(({ correlation_id }) => correlation_id), atMs: Date.now() });
  };
  return { written, batcher: new Batcher({ append } as unknown as Landing, 'error_events') };
}

it('begins to write every row within a second of its coming, so that a death forgets no more than that', async () => {
  const { written, batcher } = slowLanding(5);
  const startMs = Date.now();
  for (let id = 0; id < 50; id += 1) {
    batcher.add(row(id));
    await vi.advanceTimersByTimeAsync(130);
  }
  await vi.advanceTimersByTimeAsync(1_000);
  const delays = written.flatMap(({ ids, atMs }) => ids.map((id) => atMs - (startMs + Number(id) * 130)));
  expect(delays).toHaveLength(50);
  expect(Math.max(...delays)).toBeLessThanOrEqual(1_000 + 5);
});

it('writes a full batch at once, and one batch after the other', async () => {
  const { written, batcher } = slowLanding(400);
  for (let id = 0; id < 5_000; id += 1) batcher.add(row(id));
  const flushed = batcher.flush();
  await vi.advanceTimersByTimeAsync(5 * 400);
  await flushed;
  expect(written.map(({ ids }) => ids.length)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
  expect(new Set(written.map(({ atMs }) => atMs)).size).toBe(5);
  expect(written.flatMap(({ ids }) => ids)).toEqual(Array.from({ length: 5_000 }, (_, id) => String(id)));
});

it('has no room where rows come faster than they are written, so that memory stays flat', async () => {
  const { written, batcher } = slowLanding(400);
  let added = 0;
  const adding = (async () => {
    for (; added < 10_000; added += 1) {
      await batcher.room();
      batcher.add(row(added));
    }
  })();
  await vi.advanceTimersByTimeAsync(400 - 1);
  expect(added).toBe(2_000);
  await vi.advanceTimersByTimeAsync(10_000);
  await adding;
  await batcher.flush();
  expect(written.flatMap(({ ids }) => ids)).toHaveLength(10_000);
});

it('tells of a write that failed at the next row and at the end, and writes nothing after it', async () => {
  let writes = 0;
  const append = async () => {
    writes += 1;
    throw new Error('the disk is full');
  };
  const batcher = new Batcher({ append } as unknown as Landing, 'error_events');
  batcher.add(row(1));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(() => batcher.add(row(2))).toThrow('the disk is full');
  await expect(batcher.flush()).rejects.toThrow('the disk is full');
  expect(writes).toBe(1);
});
