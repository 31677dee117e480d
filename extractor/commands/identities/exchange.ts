import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Fault, readCsvFile, writeCsv } from '../../identities/csv-file.ts';
import { invalid } from '../../identities/external-id.ts';
import { judgeFile, REQUIRED_COLUMNS } from '../../identities/import-file.ts';
import { nameOf } from '../../identities/register.ts';
import { readQueue } from '../../identities/review-queue.ts';
import { AFTERWARDS, answer, command, counted, deciding, type DecidingOptions, nonEmpty, refused, withIdentities } from './context.ts';

/** More faults than this are counted, not told. */
const FAULTS_TOLD = 20;

interface ImportOptions extends DecidingOptions {
  reason?: string;
  dryRun?: true;
}

/** `suptask identities import`: decides what a file says, all of it or nothing. */
export function importCommand(): Command {
  return deciding('import', 'decide what a CSV file says: all of it, or nothing where a line has a fault', [
    'export --unresolved --output people.csv     then fill in the column entity_id',
    'import people.csv --reason "asked the team leads"',
  ])
    .argument('<file>', 'columns external_id and entity_id; source, entity_type and reason where wanted; others are left alone')
    .option('--reason <text>', 'why, for the rows that give no reason of their own', nonEmpty)
    .option('--replace', 'decide against earlier mappings; a staff member’s other Slack user is given up')
    .option('--also', 'further Slack users of staff members, who keep the other ones')
    .option('--dry-run', 'only say what would be decided')
    .action(async (file: string, { reason, by, replace, also, dryRun, json }: ImportOptions) => {
      const { lines, faults: ofForm } = await readCsvFile(file, REQUIRED_COLUMNS);
      await withIdentities(async ({ register, decisions, land }) => {
        const judged = judgeFile(lines, register, decisions, { replace: replace === true, also: also === true }, reason);
        const faults = [...ofForm, ...judged.faults].toSorted((a, b) => a.line - b.line);
        if (faults.length > 0) throw invalid(`${file} has ${counted(faults.length, 'fault')}, so nothing was decided.\n${tell(faults)}`, 'Correct these lines and import the file again.');
        if (judged.refusals.length > 0) throw refused(`${file} contradicts what is known in ${counted(judged.refusals.length, 'line')}, so nothing was decided.\n${tell(judged.refusals)}`, 'Correct these lines, or import it with --replace.');
        if (!dryRun) await land(judged.proposals, by);
        const { proposals, unchanged, leftBlank } = judged;
        answer(json, { decided: proposals.length, unchanged, leftBlank, landed: dryRun !== true }, () => {
          const parts = [`${counted(proposals.length, 'decision')} ${dryRun ? 'would be landed' : 'landed'}`, `${unchanged} stood already`];
          if (leftBlank > 0) parts.push(`${counted(leftBlank, 'line')} without an entity_id left alone (to unmap an id: suptask identities unmap)`);
          return `${parts.join('; ')}.${proposals.length > 0 && !dryRun ? `\n${AFTERWARDS}` : ''}`;
        });
      });
    });
}

function tell(faults: readonly Fault[]): string {
  const told = faults.slice(0, FAULTS_TOLD).map(({ line, what }) => `  line ${line}: ${what}`);
  return [...told, ...(faults.length > FAULTS_TOLD ? [`  … and ${faults.length - FAULTS_TOLD} more`] : [])].join('\n');
}

/** `suptask identities export`: the mappings, or the review queue to be filled in. */
export function exportCommand(): Command {
  return command('export', 'write the mappings that stand as CSV; or the unresolved, to fill in and import', ['export > mappings.csv', 'export --unresolved --output people.csv'])
    .option('--unresolved', 'the ids (and tickets with a blank one) that nobody could be told to be')
    .option('--output <file>', 'write to a file instead of standard output')
    .action(async ({ unresolved, output, json }: { unresolved?: true; output?: string; json?: true }) => {
      await withIdentities(async ({ marts, register }) => {
        const { columns, rows } = unresolved ? queueRows(await readQueue(marts)) : mappingRows(register);
        const text = json ? `${JSON.stringify(rows.map((row) => Object.fromEntries(columns.map((column, place) => [column, row[place] ?? null]))))}\n` : writeCsv(columns, rows);
        if (output === undefined) process.stdout.write(text);
        else {
          await writeFile(output, text).catch((thrown: Error) => {
            throw invalid(`${output} cannot be written: ${thrown.message}.`, 'Name a file in a folder that is there.');
          });
          process.stdout.write(`${counted(rows.length, 'row')} written to ${output}\n`);
        }
      });
    });
}

interface Rows {
  columns: readonly string[];
  rows: (string | number | null)[][];
}

function mappingRows(register: Parameters<typeof nameOf>[0]): Rows {
  const rows = [...register.mappings.values()].map((mapping) => {
    const { source, externalId, entity, origin, by, at } = mapping;
    return [source, externalId, entity?.type ?? null, entity?.id ?? null, entity ? nameOf(register, entity).slice(entity.id.length + 1) : null, origin, by, at];
  });
  return { columns: ['source', 'external_id', 'entity_type', 'entity_id', 'name', 'origin', 'by', 'at'], rows };
}

/** An id is one row, whatever its roles. */
function queueRows(queue: Awaited<ReturnType<typeof readQueue>>): Rows {
  const byId = Map.groupBy(queue, ({ externalId, ticketKey }) => externalId ?? ticketKey);
  const rows = [...byId].map(([id, ones]) => {
    const [first] = ones;
    const tickets = ones.reduce((sum, one) => sum + one.tickets, 0);
    const { suggestion } = first ?? {};
    return [first?.externalId === null ? 'suptask_ticket' : 'slack_user', id, null, null, first?.displayName ?? null, first?.reason ?? null, tickets, suggestion?.staffId ?? null, suggestion?.staffName ?? null, suggestion?.basis ?? null, suggestion?.confidence ?? null];
  });
  return {
    columns: ['source', 'external_id', 'entity_id', 'reason', 'name_in_slack', 'unresolved_because', 'tickets', 'may_be', 'may_be_name', 'because_of', 'confidence'],
    rows,
  };
}
