import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { landingAt, rowsOf } from '../support/landing.ts';
import { startSource, syncOnce } from '../support/source.ts';

/** Mounts a disk of 1 MB; null where this user may not. */
function smallDisk(): string | null {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

it('a run on a full disk ends with 8 and says so, and the next one goes on where it was', async (context) => {
  const disk = smallDisk();
  if (disk === null) return context.skip();
  const source = await startSource({ tickets: 60 });
  const address = join(disk, 'landing');
  const landing = await landingAt(address, source.clock);
  await syncOnce(source, landing, { kind: 'backfill', range: { from: 1, to: 20 } });
  const ballast = join(disk, 'ballast');
  expect(() => writeFileSync(ballast, Buffer.alloc(1_048_576))).toThrow('ENOSPC');

  await expect(syncOnce(source, landing)).rejects.toMatchObject({
    code: 'landing.not_writable',
    exitCode: 8,
    message: expect.stringContaining('the disk is full'),
    remedy: expect.stringContaining('Free some space'),
  });

  rmSync(ballast);
  const next = await landingAt(address, source.clock);
  await syncOnce(source, next);
  const found = (await rowsOf(next, 'ticket_fetches')).filter(({ outcome }) => outcome === 'found').map(({ ticket_number }) => ticket_number);
  expect(found).toHaveLength(source.world.newestNumber(source.clock.now()));
  expect(new Set(found).size).toBe(found.length);
});
