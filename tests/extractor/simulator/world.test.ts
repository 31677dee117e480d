import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../../extractor/suptask/ticket.ts';
import { createCast } from '../../../extractor/simulator/cast.ts';
import { createWorld } from '../../../extractor/simulator/world.ts';
import { smallWorld, STARTS_AT } from './small-world.ts';

const DAY_MS = 86_400_000;

describe('a world', () => {
  it('is the same for the same seed and another for another', () => {
    const [first, same, other] = [smallWorld(1), smallWorld(1), smallWorld(2)];
    expect(JSON.stringify(same.truth(same.horizon))).toBe(JSON.stringify(first.truth(first.horizon)));
    expect(same.ticket(42, same.horizon)).toEqual(first.ticket(42, first.horizon));
    expect(other.truth(other.horizon)).not.toEqual(first.truth(first.horizon));
  });

  it('ends at its horizon', () => {
    const world = smallWorld();
    const later = world.horizon + 400 * DAY_MS;
    expect(world.truth(later).tickets).toEqual(world.truth(world.horizon).tickets);
    expect(world.newestNumber(later)).toBe(300);
    const latest = Math.max(...world.truth(later).tickets.flatMap(({ events }) => events.map(({ at }) => at)));
    expect(latest).toBeLessThanOrEqual(world.horizon);
  });

  it('knows a ticket from its creation on, and its number as the newest', () => {
    const world = smallWorld();
    const created = world.truth(world.horizon).tickets[199]?.createdAt ?? 0;
    const fresh = smallWorld();
    expect(fresh.ticket(200, created - 1000)).toBeUndefined();
    expect(fresh.newestNumber(created - 1000)).toBe(199);
    expect(fresh.ticket(200, created)).toBeDefined();
    expect(fresh.newestNumber(created)).toBe(200);
  });

  it('shows the same object until a ticket changes, and a new one then', () => {
    const world = smallWorld();
    const events = world.truth(world.horizon).tickets[150]?.events ?? [];
    const change = events[0]?.at ?? 0;
    const before = world.ticket(151, change - 1000);
    expect(world.ticket(151, change - 500)).toBe(before);
    expect(world.ticket(151, change)).not.toEqual(before);
  });

  it('shows the past again when asked for it', () => {
    const world = smallWorld();
    const { createdAt = 0 } = world.truth(world.horizon).tickets[99] ?? {};
    const past = { ...world.ticket(100, createdAt) };
    expect(world.ticket(100, world.horizon)).not.toEqual(past);
    expect(world.ticket(100, createdAt)).toEqual(past);
  });

  it('has everything happen on whole seconds, in order', () => {
    const { tickets, horizon } = smallWorld().truth(STARTS_AT + 30 * DAY_MS);
    for (const { createdAt, events } of tickets) {
      const times = [createdAt, ...events.map(({ at }) => at), horizon];
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.every((at) => at % 1000 === 0)).toBe(true);
    }
  });
});

describe('the truth', () => {
  const cast = createCast();
  const wireSeconds = (time: unknown) => {
    if (typeof time === 'string') return Date.parse(time) / 1000;
    return Number(time) > 1e11 ? Number(time) / 1000 : Number(time);
  };

  it.each([10, 20, 30])('is what reading every ticket shows after %i days', (days) => {
    const world = smallWorld();
    const at = STARTS_AT + days * DAY_MS;
    for (const truth of world.truth(at).tickets) {
      const ticket = world.ticket(truth.number, at) as Ticket;
      expect({
        number: Number(ticket.ticketNumber ?? ticket['ticket_number']),
        createdAt: wireSeconds(ticket.createdAt) * 1000,
        status: ticket.status,
        archived: ticket.archived,
        priority: ticket.priority ?? null,
        queueId: ticket.queueId,
        assignee: ticket.assignee,
        channelId: ticket.messageRequesterChannel ?? null,
        source: ticket.source ?? null,
        requesterId: ticket.requesterId,
      }).toEqual({
        number: truth.number,
        createdAt: truth.createdAt,
        status: truth.status,
        archived: truth.archived,
        priority: truth.priority,
        queueId: truth.queueId,
        assignee: truth.holder ?? 'UNASSIGNED',
        channelId: truth.channelId,
        source: truth.source,
        requesterId: truth.requester.slackUserId ?? '',
      });
      const updatedAt = ticket.updatedAt ?? ticket['updated_at'];
      if (updatedAt !== undefined) {
        expect(wireSeconds(updatedAt)).toBe((truth.events.at(-1)?.at ?? truth.createdAt) / 1000);
      }
    }
  });

  it('shows the address of the requester in one of the places that the source knows', () => {
    const world = smallWorld();
    for (const { number, requester } of world.truth(world.horizon).tickets) {
      const { requester: shown, formValues, customFields } = world.ticket(number, world.horizon) as Ticket;
      const text = JSON.stringify([shown, formValues, customFields]);
      expect(text.includes('@'), `ticket ${number}`).toBe(requester.email !== null);
      if (requester.email !== null) expect(text).toContain(JSON.stringify(requester.email));
    }
  });

  it('names holder, requester and partner as the cast does', () => {
    const world = smallWorld();
    for (const { holder, holderStaffId, requester, channelId, partnerId } of world.truth(world.horizon).tickets) {
      expect(holderStaffId).toBe(holder === null ? null : cast.staffBySlackId.get(holder)?.staffId);
      expect(partnerId).toBe(cast.channels.find((channel) => channel.channelId === channelId)?.partnerId ?? null);
      if (requester.kind === 'member') {
        expect(requester.staffId).toBe(cast.staffBySlackId.get(requester.slackUserId ?? '')?.staffId);
      }
    }
  });

  it('counts closings and reopenings from the changes of status', () => {
    const { tickets } = smallWorld().truth(STARTS_AT + 30 * DAY_MS);
    const reopened = tickets.find(({ reopenCount, statusClass }) => reopenCount === 1 && statusClass === 'closed');
    const closings = reopened?.events.filter(({ field, to }) => field === 'status' && to === 'Closed') ?? [];
    expect(closings).toHaveLength(2);
    expect([reopened?.firstClosedAt, reopened?.lastClosedAt]).toEqual(closings.map(({ at }) => at));
    expect(tickets.filter(({ statusClass }) => statusClass === 'open').every(({ reopenCount, firstClosedAt }) => reopenCount > 0 || firstClosedAt === null)).toBe(true);
  });
});

it('a world may be as small as one ticket', () => {
  const world = createWorld({ seed: 3, tickets: 1, days: 1, startsAt: STARTS_AT });
  expect(world.truth(world.horizon).tickets).toHaveLength(1);
});
