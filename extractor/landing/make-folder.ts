import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. Node's own recursive form never returns where a file system
 * says of a folder that is there that it is not (as Linux's /proc does).
 */
export async function makeFolder(folder: string): Promise<void> {
  const isThere = async (path: string) => (await stat(path).catch(() => null))?.isDirectory() === true;
  if (await isThere(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  await mkdir(folder).catch(async (thrown: unknown) => {
    if (!(await isThere(folder))) throw thrown;
  });
}
