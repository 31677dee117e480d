import { type FileHandle, open } from 'node:fs/promises';

/** Opens a file or folder, does something with it, and returns when what it holds is on the disk. */
export async function flushed(path: string, flags: string, use?: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    await use?.(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
