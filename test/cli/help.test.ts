/** The help of every command: what, when, one to three examples, and each example would run as it stands there. */
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { listProgramCommands } from '../support/command-tree.ts';

const commands = listProgramCommands();

/** As a shell splits it; double quotes and `> file` are all that the examples use. */
function toWords(example: string): readonly string[] {
  return [...example.replace(/ > \S+$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

/** The whole help, with what is added after it. */
function readHelp(command: Command): string {
  const written: string[] = [];
  command.configureOutput({ writeOut: (text) => void written.push(text) }).outputHelp();
  return written.join('');
}

function readExamples(command: Command): readonly string[] {
  return [...readHelp(command).matchAll(/^ {2}\$ (.+)$/gm)].map((match) => match[1] ?? '');
}

describe.each(commands.map((command) => [command.name(), command] as const))('lvsync %s --help', (name, command) => {
  test('says what it does and when to use it', () => {
    const [what = '', when = ''] = command.description().split('\n\n');
    expect(what.toLowerCase()).toBe(`${command.summary()}.`.toLowerCase());
    expect(when).toMatch(/^[A-Z].{20,}\.$/);
  });

  test('its examples would run as they stand there', () => {
    const examples = readExamples(command);
    expect(examples.length).toBeGreaterThanOrEqual(1);
    expect(examples.length).toBeLessThanOrEqual(3);
    for (const example of examples) {
      const [program, called, ...words] = toWords(example);
      expect([program, called]).toEqual(['lvsync', name]);
      const { operands, unknown } = command.parseOptions([...words]);
      expect(unknown, example).toEqual([]);
      const required = command.registeredArguments.filter((argument) => argument.required).length;
      const isVariadic = command.registeredArguments.some((argument) => argument.variadic);
      expect(operands.length, example).toBeGreaterThanOrEqual(required);
      if (!isVariadic) expect(operands.length, example).toBeLessThanOrEqual(command.registeredArguments.length);
      const mandatory = command.options.filter((option) => option.mandatory).map((option) => option.long ?? '');
      expect(mandatory.filter((option) => !words.includes(option))).toEqual([]);
    }
  });

  test('no line is wider than 80 characters, but for an example', () => {
    const lines = readHelp(command).split('\n');
    expect(lines.filter((line) => line.length > 80 && !line.startsWith('  $ '))).toEqual([]);
  });
});
