/**
 * `lvsync sandbox`: the stand-in LiveVox, until it is told to stop. Listens on this machine alone. A process that starts one
 * for itself gives it a pipe as stdin and --until-stdin-closes: the pipe closes when that process ends, however it ends.
 */
import { ConfigError } from '../errors.ts';
import { type Sandbox, startSandbox } from '../sandbox/index.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import type { CommandShell, Shell } from './shell.ts';

export type SandboxOptions = CommonOptions & {
  readonly port: string;
  readonly contacts: string;
  readonly seed: string;
  readonly untilStdinCloses?: boolean;
};

const maxPort = 65_535;
const maxContacts = 1_000_000;

export async function sandbox(shell: CommandShell, options: SandboxOptions): Promise<void> {
  const sandbox = await startSandbox({
    port: parseNumber('--port', options.port, maxPort),
    contacts: parseNumber('--contacts', options.contacts, maxContacts),
    seed: parseNumber('--seed', options.seed, Number.MAX_SAFE_INTEGER),
  });
  try {
    const { url, credentials } = sandbox;
    await printAnswer(shell, options, { url, credentials }, formatStart(sandbox));
    await waitForEnd(shell, options.untilStdinCloses === true);
  } finally {
    await sandbox.close();
  }
  shell.end(exitCodes.proven);
}

function parseNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= max) return value;
  throw new ConfigError(`${name} ${text} must be a whole number from 0 to ${max}.`);
}

function formatStart({ url, credentials }: Sandbox): string {
  return `The sandbox LiveVox answers at ${url}; stop it with Ctrl-C. To use it, put these lines into .env, in place of LIVEVOX_ENVIRONMENT:

LIVEVOX_BASE_URL=${url}
LIVEVOX_CLIENT_NAME=${credentials.clientName}
LIVEVOX_USERNAME=${credentials.userName}
LIVEVOX_PASSWORD=${credentials.password}
LIVEVOX_ACCESS_TOKEN=${credentials.accessToken}
`;
}

/** Resolves on SIGINT and SIGTERM, and when stdin closes if that is asked for. */
function waitForEnd({ signal, stdin }: Shell, untilStdinCloses: boolean): Promise<void> {
  return new Promise((resolve) => {
    // A signal alone keeps no process alive.
    const alive = setInterval(() => {}, 60_000);
    const end = (): void => {
      clearInterval(alive);
      stdin.pause();
      resolve();
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    if (untilStdinCloses) stdin.once('end', end).once('close', end).once('error', end).resume();
  });
}
