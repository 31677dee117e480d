import type { MartColumn, MartRow, Marts } from '../../extractor/warehouse/support/marts.ts';

/** Marts by name, as they are read. */
export type Tables = Record<string, { columns: MartColumn[]; rows: MartRow[] }>;

/** Reads all marts. */
export async function tablesOf(marts: Marts): Promise<Tables> {
  const names = await marts.names();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, { columns: await marts.columns(name), rows: await marts.rows(name) }] as const)));
}

/** The marts with their columns and types. */
export function shapesOf(tables: Tables = {}): (readonly [mart: string, columns: MartColumn[]])[] {
  return Object.entries(tables).map(([mart, { columns }]) => [mart, columns]);
}

/** Of each mart that has not the rows that it should have: some that differ, and how many there are too many. */
export function differences(built: Tables = {}, expected: Tables = {}): { mart: string; missing: MartRow[]; tooMany: MartRow[]; rows: number }[] {
  return Object.entries(expected)
    .map(([mart, { rows }]) => ({ mart, rows, found: built[mart]?.rows ?? [] }))
    .map(({ mart, rows, found }) => ({ mart, missing: onlyIn(rows, found), tooMany: onlyIn(found, rows), rows: found.length - rows.length }))
    .filter(({ missing, tooMany, rows }) => missing.length > 0 || tooMany.length > 0 || rows !== 0);
}

/** The first rows of one list that are not in the other. */
function onlyIn(rows: readonly MartRow[], others: readonly MartRow[]): MartRow[] {
  const texts = new Set(others.map((row) => JSON.stringify(row)));
  return rows.filter((row) => !texts.has(JSON.stringify(row))).slice(0, 2);
}
