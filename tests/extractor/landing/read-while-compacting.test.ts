import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { compactLanding } from '../../../extractor/landing/compaction.ts';
import type { Landing } from '../../../extractor/landing/landing.ts';
import { temporaryFolder } from '../support/folder.ts';
import { landingAt } from '../support/landing.ts';

const HOUR_MS = 3_600_000;
const ROUNDS = 12;
const FEWEST_FILES = 8;
const ROWS_A_FILE = 3;

interface Round {
  atLeast: number;
  missing: number[];
  twice: number;
  error: string | null;
}

let folder: string;
let landing: Landing;
let landed: number;

beforeEach(async () => {
  folder = join(temporaryFolder(), 'landing');
  landing = await landingAt(folder);
  landed = 0;
});

/** Lands so many small files of rows that are numbered on, and says so. */
async function land(files: number): Promise<void> {
  for (let file = 1; file <= files; file += 1) {
    const rows = Array.from({ length: ROWS_A_FILE }, (_, row) => ({ correlation_id: String(landed + row + 1), at: new Date(0), code: 'defect', message: '', detail: null }));
    await landing.append('error_events', rows);
    landed += rows.length;
    writeFileSync(join(folder, 'landed.new'), String(landed));
    renameSync(join(folder, 'landed.new'), join(folder, 'landed'));
  }
}

const compact = (nowMs: number) => compactLanding(folder, { nowMs, fewestFiles: FEWEST_FILES });

describe('a reader of a landing folder', () => {
  it('that lists its files again and again never misses a row, counts none twice and never fails, while files are landed, merged and removed', { timeout: 120_000 }, async () => {
    await land(FEWEST_FILES);
    const child = spawn(process.execPath, [join(import.meta.dirname, 'support/read-again.ts'), folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const rounds: Round[] = [];
    const lines = createInterface(child.stdout).on('line', (line) => rounds.push(JSON.parse(line) as Round));
    let removed = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      await land(FEWEST_FILES);
      await compact(Date.now());
      // Whoever had listed the files before they were merged has read them when an hour has passed.
      const before = rounds.length;
      while (rounds.length < before + 2) await once(lines, 'line');
      removed += (await compact(Date.now() + HOUR_MS + 1)).filesRemoved;
    }
    child.stdin.end();
    await once(child, 'close');
    expect(removed).toBeGreaterThan(ROUNDS);
    expect(rounds.at(-1)?.atLeast).toBeGreaterThan(ROUNDS);
    expect(rounds.filter(({ missing, twice, error }) => missing.length > 0 || twice > 0 || error !== null)).toEqual([]);
  });
});
