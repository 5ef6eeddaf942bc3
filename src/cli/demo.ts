/**
 * `lvsync demo`: the whole ring on one machine, with nothing but Node. Starts the sandbox LiveVox as a process of its own and an embedded
 * Postgres in a folder of its own, hands the pipeline a system of record that differs, runs the same sync as the nightly, and
 * plans once more on the state it left. Everything it started is stopped and removed at the end, unless --keep.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../clock.ts';
import { type Config, findHome, loadConfig } from '../config.ts';
import { runPlan, runSync } from '../pipeline.ts';
import { selectQuarantined } from '../store/index.ts';
import { openWorkplace } from '../wiring.ts';
import { openDemoFolder } from './demo-folder.ts';
import { demoRules, writeDemoRecord } from './demo-record.ts';
import { type DemoSandbox, fetchSandboxContacts, startDemoSandbox } from './demo-sandbox.ts';
import { type DemoReport, formatDemo } from './demo-summary.ts';
import { type ExitCode, exitCodes, toRunExitCode } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { formatCount } from './print.ts';
import { makeProgressLines } from './progress-lines.ts';
import type { CommandShell, Shell } from './shell.ts';
import { makeCommandLog } from './with-workplace.ts';

export type DemoOptions = CommonOptions & { readonly contacts: string; readonly seed: string; readonly keep?: boolean };

/** Refused rows named one by one in the summary. */
const listedRows = 20;

export async function demo(shell: CommandShell, options: DemoOptions): Promise<void> {
  const startedAt = systemClock.now().getTime();
  const folder = await openDemoFolder(findHome({ cwd: shell.cwd, env: shell.env }));
  let sandbox: DemoSandbox | undefined;
  try {
    shell.say(`Starting a sandbox LiveVox with ${formatCount(Number(options.contacts))} contacts of 214 fields …`);
    sandbox = await startDemoSandbox(options, shell.signal);
    const report = await runRing(shell, folder.path, sandbox, options, startedAt);
    await printAnswer(shell, options, report, formatDemo(report));
    shell.end(toDemoExitCode(report));
    if (options.keep === true) await keep(shell, sandbox, folder.path);
  } finally {
    await sandbox?.stop();
    await folder.remove();
  }
}

/** Proven by the run, and by a plan that finds nothing left to do. */
function toDemoExitCode(report: DemoReport): ExitCode {
  const left = report.second.differencesLeft ?? 0;
  return report.sync.state === 'proven' && left > 0 ? exitCodes.notProven : toRunExitCode(report.sync.state);
}

async function runRing(
  shell: Shell,
  folder: string,
  sandbox: DemoSandbox,
  options: DemoOptions,
  startedAt: number,
): Promise<DemoReport> {
  const record = path.join(folder, 'system-of-record.csv');
  shell.say('Writing a system of record that differs from it …');
  const prepared = await writeDemoRecord(record, fetchSandboxContacts(sandbox.url, shell.signal));
  const config = await writeDemoConfig(folder, sandbox);
  const lines = makeProgressLines(shell, systemClock);
  const place = await openWorkplace(config, { log: makeCommandLog(config), progress: lines.progress });
  try {
    shell.say('Running the nightly: pull → verify → plan → push → pull → verify …');
    const sync = await runSync(place.tenant(), { signal: shell.signal });
    const refused = await selectQuarantined(place.store.pool, sync.runId, listedRows);
    lines.clear();
    shell.say('Planning once more on the state it left …');
    const second = await runPlan(place.tenant(), { signal: shell.signal });
    const seconds = Math.round((systemClock.now().getTime() - startedAt) / 100) / 10;
    const kept = options.keep === true ? { url: sandbox.url, record } : undefined;
    return { contacts: Number(options.contacts), prepared, sync, refused, second, seconds, sandbox: kept };
  } finally {
    lines.clear();
    await place.close();
  }
}

/** A config file as a user would have it; the secrets go through the environment. */
async function writeDemoConfig(folder: string, sandbox: DemoSandbox): Promise<Config> {
  const configFile = path.join(folder, 'lvsync.config.json');
  const tenant = {
    timeZone: 'America/New_York',
    // The demo lifts more blocks, and moves more phones, than a careful default would let pass without a person.
    guards: {
      maxMoreDiallable: 10_000,
      hazards: { drops_phone: 10_000, shifts_ordinals: 10_000 },
    },
    systemsOfRecord: { crm: { kind: 'csv', path: 'system-of-record.csv', mapping: demoRules } },
  };
  await writeFile(configFile, JSON.stringify({ tenants: { demo: tenant } }, undefined, 2), { mode: 0o600 });
  const { clientName, userName, password, accessToken } = sandbox.credentials;
  return loadConfig({
    configFile,
    cwd: folder,
    env: {
      LIVEVOX_BASE_URL: sandbox.url,
      LIVEVOX_CLIENT_NAME: clientName,
      LIVEVOX_USERNAME: userName,
      LIVEVOX_PASSWORD: password,
      LIVEVOX_ACCESS_TOKEN: accessToken,
      LVSYNC_HOME: folder,
    },
  });
}

async function keep(shell: Shell, sandbox: DemoSandbox, folder: string): Promise<void> {
  shell.say(
    `The sandbox answers at ${sandbox.url} (its admin routes: docs/sandbox.md); config, data and record are in ${folder}.`,
  );
  shell.say('Press Ctrl-C to stop and remove all of it.');
  if (shell.signal.aborted) return;
  await new Promise<void>((resolve) => shell.signal.addEventListener('abort', () => resolve(), { once: true }));
}
