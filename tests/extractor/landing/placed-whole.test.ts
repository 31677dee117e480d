import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { placedWhole } from '../../../extractor/landing/placed-whole.ts';
import { temporaryFolder } from '../support/folder.ts';

it('a file is hidden from whoever reads a folder, Spark too, until it is whole', async () => {
  const folder = temporaryFolder();
  await placedWhole(join(folder, 'a.parquet'), async (beside) => {
    writeFileSync(beside, 'whole');
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\..*\.tmp$/)]);
  });
  expect(readdirSync(folder)).toEqual(['a.parquet']);
});

it('a file that cannot be written leaves nothing', async () => {
  const folder = temporaryFolder();
  const writing = placedWhole(join(folder, 'a.parquet'), async (beside) => {
    writeFileSync(beside, 'ha');
    throw new Error('the disk is full');
  });
  await expect(writing).rejects.toThrow('the disk is full');
  expect(readdirSync(folder)).toEqual([]);
});
