import { parseWireTime } from '../../suptask/wire-time.ts';

/** What a mart and a body both tell of a ticket, told alike. Times are milliseconds since the epoch. */
export interface ToldTicket {
  status: string | null;
  priority: string | null;
  assignee: string | null;
  archived: boolean;
  createdAtMs: number | null;
}

/** Statuses and priorities without regard to case and to how they are spaced: a mart has their usual spelling. */
export function spelledAlike(text: unknown): string | null {
  return textOf(text)?.toLowerCase().replace(/[ _-]+/g, ' ') ?? null;
}

/**
 * What a body says, by the rules of docs/decisions.md: a ticket that was seen was there, so that it cannot
 * have been created after its first look. Without a creation of its own, it says nothing of it (null).
 */
export function toldByBody(payload: string, firstSeenAtMs: number): ToldTicket {
  const ticket = JSON.parse(payload) as Record<string, unknown>;
  const assignee = textOf(ticket['assignee']);
  const createdAtMs = parseWireTime(ticket['createdAt'] ?? ticket['created_at']);
  return {
    status: spelledAlike(ticket['status']),
    priority: spelledAlike(ticket['priority']),
    assignee: assignee?.toUpperCase() === 'UNASSIGNED' ? null : assignee,
    archived: textOf(ticket['archived'])?.toLowerCase() === 'true',
    createdAtMs: createdAtMs === null ? null : Math.min(createdAtMs, firstSeenAtMs),
  };
}

/** The names of what a mart tells otherwise than a body; a second's fraction is none. */
export function differencesOf(mart: ToldTicket, body: ToldTicket): string[] {
  const differences = (['status', 'priority', 'assignee', 'archived'] as const).filter((name) => mart[name] !== body[name]).map((name) => `${name} ${String(mart[name])}, not ${String(body[name])}`);
  const isLate = body.createdAtMs !== null && Math.abs((mart.createdAtMs ?? 0) - body.createdAtMs) >= 1_000;
  return isLate ? [...differences, `created ${timeOf(mart.createdAtMs)}, not ${timeOf(body.createdAtMs)}`] : differences;
}

function timeOf(ms: number | null): string {
  return ms === null ? 'never' : new Date(ms).toISOString();
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value).trim() || null : null;
}
