import { expect } from 'vitest';
import type { MartRow } from './marts.ts';
import type { Warehouse } from './warehouse.ts';

/** The rows of every mart. */
export async function martsOf({ marts }: Warehouse): Promise<Record<string, MartRow[]>> {
  const names = await marts.names();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await marts.rows(name)] as const)));
}

export function expectSameMarts(built: Record<string, MartRow[]>, expected: Record<string, MartRow[]>, what: string): void {
  expect(Object.keys(built), what).toEqual(Object.keys(expected));
  for (const [mart, rows] of Object.entries(expected)) {
    const [texts, expectedTexts] = [built[mart] ?? [], rows].map((each) => each.map((row) => JSON.stringify(row)));
    const missing = expectedTexts?.filter((text) => !texts?.includes(text)).slice(0, 2);
    const tooMany = texts?.filter((text) => !expectedTexts?.includes(text)).slice(0, 2);
    expect({ missing, tooMany, rows: texts?.length }, `${what}: ${mart}`).toEqual({ missing: [], tooMany: [], rows: rows.length });
  }
}
