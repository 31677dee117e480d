import { describe, expect, it } from 'vitest';
import { readEnvelope } from '../../../extractor/suptask/envelope.ts';

const nothing = { teamId: null, status: null, updatedAtMs: null, createdAtMs: null };

describe('the envelope of a ticket', () => {
  it.each<[unknown, object]>([
    [{ ticketNumber: 42 }, { number: 42, ...nothing }],
    [{ ticketNumber: '42' }, { number: 42, ...nothing }],
    [{ ticketNumber: ' 42 ' }, { number: 42, ...nothing }],
    [{ ticket_number: '42' }, { number: 42, ...nothing }],
    [{ ticketNumber: null, ticket_number: 42 }, { number: 42, ...nothing }],
    [{ ticketNumber: 42, teamId: 'T1', status: 'Open', updatedAt: 1, createdAt: '2' }, { number: 42, teamId: 'T1', status: 'Open', updatedAtMs: 1000, createdAtMs: 2000 }],
    [{ ticketNumber: 42, team_id: 'T1', updated_at: '1' }, { number: 42, ...nothing, teamId: 'T1', updatedAtMs: 1000 }],
    [{ ticketNumber: 42, teamId: null, team_id: 'T1', updatedAt: null, updated_at: 1, created_at: 2 }, { number: 42, ...nothing, teamId: 'T1', updatedAtMs: 1000, createdAtMs: 2000 }],
    [{ ticketNumber: 42, teamId: 7, status: 3 }, { number: 42, ...nothing, teamId: '7', status: '3' }],
    [{ ticketNumber: 42, teamId: {}, status: ['Open'], updatedAt: 'soon' }, { number: 42, ...nothing }],
    [{ ticketNumber: 42, status: '', unknown: { deep: [1] } }, { number: 42, ...nothing, status: '' }],
  ])('of %j', (ticket, expected) => {
    expect(readEnvelope(ticket)).toEqual(expected);
  });

  it.each([
    null, 42, 'text', [], {}, { status: 'Open' }, { ticketNumber: null }, { ticketNumber: '' }, { ticketNumber: 'forty-two' },
    { ticketNumber: 4.2 }, { ticketNumber: '4.2' }, { ticketNumber: '-42' }, { ticketNumber: true }, { ticketNumber: [42] },
    { ticketNumber: '1234567890123456' }, { ticketNumber: 2 ** 60 },
  ])('%j has none: its number is missing', (ticket) => {
    expect(readEnvelope(ticket)).toBeUndefined();
  });
});
