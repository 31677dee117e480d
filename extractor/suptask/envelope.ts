import { z } from 'zod';
import { parseWireTime } from './wire-time.ts';

const ticketNumber = z.union([z.int(), z.string().regex(/^\s*\d{1,15}\s*$/).transform(Number)]);
const text = z.union([z.string(), z.number().transform(String)]).nullish().catch(null);

const wireEnvelope = z.object({
  ticketNumber: ticketNumber.nullish(),
  ticket_number: ticketNumber.nullish(),
  teamId: text,
  team_id: text,
  status: text,
  updatedAt: z.unknown().optional(),
  updated_at: z.unknown().optional(),
  createdAt: z.unknown().optional(),
  created_at: z.unknown().optional(),
});

/** What the extractor itself reads of a ticket, to plan with. Everything else is the models' matter. */
export interface Envelope {
  number: number;
  teamId: string | null;
  status: string | null;
  /** Milliseconds since the epoch, or null where missing or not a time. */
  updatedAtMs: number | null;
  /** Likewise. */
  createdAtMs: number | null;
}

/** The envelope of a parsed ticket, in either spelling of its fields; undefined where it has no number. */
export function readEnvelope(ticket: unknown): Envelope | undefined {
  const parsed = wireEnvelope.safeParse(ticket);
  if (!parsed.success) return undefined;
  const wire = parsed.data;
  const number = wire.ticketNumber ?? wire.ticket_number;
  if (number == null) return undefined;
  return {
    number,
    teamId: wire.teamId ?? wire.team_id ?? null,
    status: wire.status ?? null,
    updatedAtMs: parseWireTime(wire.updatedAt ?? wire.updated_at),
    createdAtMs: parseWireTime(wire.createdAt ?? wire.created_at),
  };
}
