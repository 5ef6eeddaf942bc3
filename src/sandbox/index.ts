/** The door of the sandbox: a stand-in LiveVox for demos and tests. Apart from everything else on purpose. */
export type { Dialect } from './dialect.ts';
export type { FaultRule } from './faults.ts';
export type { PlainContact } from './model/plain-form.ts';
export type { ContactWrite } from './model/write-history.ts';
export type { LogEntry } from './request-log.ts';
export { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';
