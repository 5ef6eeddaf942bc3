/** `lvsync notify`: tells the tenant's webhook what it has not been told yet, or, with --test, sends it a notice that means nothing. */
import { type Config, chooseTenant, type TenantConfig } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { deliverNotices, tellTest } from '../notices.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { withWorkplace } from './with-workplace.ts';

export type NotifyOptions = CommonOptions & { readonly test?: boolean };

export async function notify(shell: CommandShell, options: NotifyOptions): Promise<void> {
  const check = (config: Config): void => void chooseWebhook(chooseTenant(config, options.tenant));
  const told = await withWorkplace(shell, options, { check }, async (place) => {
    const deps = place.tenant(options.tenant);
    if (options.test !== true) return deliverNotices(deps);
    await tellTest(deps, chooseWebhook(deps.tenant));
    return 1;
  });
  const text =
    options.test === true ? 'The webhook took the test.\n' : `${told} ${told === 1 ? 'notice' : 'notices'} told.\n`;
  await printAnswer(shell, options, { told }, text);
  shell.end(exitCodes.proven);
}

function chooseWebhook({ name, notify }: TenantConfig): NonNullable<TenantConfig['notify']> {
  if (notify !== undefined) return notify;
  throw new ConfigError(`Tenant ${name} has no webhook; write notify into the config file (docs/notify.md).`);
}
