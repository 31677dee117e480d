import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';

/** What dbt keeps in its target folder of the project that it has parsed. */
const PARSED = 'partial_parse.msgpack';

/** Lets a warehouse's first dbt begin with what another's has parsed in this run of the tests. */
export async function takeParsed(target: string): Promise<void> {
  const parsed = join(inject('parsedProject'), PARSED);
  if (existsSync(join(target, PARSED)) || !existsSync(parsed)) return;
  await mkdir(target, { recursive: true });
  await copyFile(parsed, join(target, PARSED));
}

/** Leaves it to the others, whole or not at all. */
export async function leaveParsed(target: string): Promise<void> {
  const parsed = join(inject('parsedProject'), PARSED);
  if (existsSync(parsed)) return;
  const copy = `${parsed}.${process.pid}`;
  await copyFile(join(target, PARSED), copy);
  await rename(copy, parsed);
}
