/**
 * `lvsync map`: drafts a mapping from the columns of a system of record, and shows its first rows as they would be sent. Reads the source and
 * the mirror, sends nothing, and needs no LiveVox. Nothing is written but the file that --out names.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { chooseAnySource, chooseTenant, type FieldMapping } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { draftRecord, type MappingDraft, openRecord, type RecordDeps } from '../open-record.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { formatDraft, toFieldMapping } from './map-draft.ts';
import { formatSample, readSample, type Sample } from './map-sample.ts';
import type { CommandShell } from './shell.ts';
import { assertUnmaskOptions, recordUnmasking, type UnmaskOptions } from './unmask.ts';
import { withWorkplace } from './with-workplace.ts';

export type MapOptions = CommonOptions &
  UnmaskOptions & {
    readonly source?: string;
    readonly draft?: boolean;
    readonly rows: number;
    readonly out?: string;
  };

type MapAnswer = {
  readonly tenant: string;
  readonly systemOfRecord: string;
  /** undefined: the mapping of the config was used. */
  readonly draft?: (MappingDraft & { readonly label: string }) | undefined;
  /** undefined: the draft found no account, so that no row can be read. */
  readonly sample?: Sample | undefined;
};

export async function map(shell: CommandShell, options: MapOptions): Promise<void> {
  const { out } = options;
  assertUnmaskOptions(options);
  if (out !== undefined && existsSync(resolve(shell.cwd, out)))
    throw new ConfigError(`--out ${out} exists already; choose another name.`);
  const needs: Parameters<typeof withWorkplace>[2] = {
    check: (config) => void chooseAnySource(chooseTenant(config, options.tenant), options.source),
  };
  const answer = await withWorkplace(shell, options, needs, async (place) =>
    makeAnswer(place.tenant(options.tenant), options, shell.signal),
  );
  const draft = answer.draft === undefined ? '' : formatDraft(answer.draft);
  if (out !== undefined) await writeFile(resolve(shell.cwd, out), draft, { flag: 'wx', mode: 0o600 });
  await printAnswer(shell, options, toDocument(answer), `${draft}${draft === '' ? '' : '\n'}${formatAnswer(answer)}`);
  if (out !== undefined) shell.say(`${out}: the draft is written.`);
  shell.end(exitCodes.proven);
}

async function makeAnswer(deps: RecordDeps, options: MapOptions, signal: AbortSignal): Promise<MapAnswer> {
  const { name, source } = chooseAnySource(deps.tenant, options.source);
  const isDrafted = options.draft === true || options.out !== undefined || source.mapping === undefined;
  const draft = isDrafted ? await draftRecord(deps, source, signal) : undefined;
  const mapping: FieldMapping = draft === undefined ? (source.mapping ?? {}) : toFieldMapping(draft);
  const facts = { tenant: deps.tenant.name, systemOfRecord: name, draft };
  if (mapping['account'] === undefined || options.rows === 0) return facts;
  const record = await openRecord(deps, { ...source, mapping });
  const { unmask, rows } = options;
  const unmasking = { tenant: deps.tenant.name, command: 'map', options: { source: name, rows, unmask } };
  const isWhole = await recordUnmasking(deps.store, options, unmasking);
  return { ...facts, sample: await readSample(record, { rows, isMasked: !isWhole, signal }) };
}

function toDocument({ draft, ...answer }: MapAnswer): unknown {
  return draft === undefined ? answer : { ...answer, draft: { ...draft, mapping: toFieldMapping(draft) } };
}

function formatAnswer({ draft, sample }: MapAnswer): string {
  if (sample !== undefined) return formatSample(sample);
  return draft !== undefined && toFieldMapping(draft)['account'] === undefined
    ? 'No column was taken for the account, the key of a contact: map it, then run lvsync map again to see rows.\n'
    : '';
}
