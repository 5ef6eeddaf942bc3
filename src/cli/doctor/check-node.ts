/** Whether this Node is one that the program is made for. */
import { type Finding, fail, ok } from './finding.ts';

const needed = [20, 19] as const;

/** @param version without a v: `22.11.0` */
export function checkNode(version: string = process.versions.node): readonly Finding[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > needed[0] || (major === needed[0] && minor >= needed[1]);
  if (!isEnough) return [fail(`Node ${version} is too old: ${needed.join('.')} is needed.`, 'Install a newer Node.')];
  return [ok(`Node ${version} on ${process.platform} ${process.arch}`)];
}
