/** The keys of the config file as its schema has them, for the documentation tests. */
import { z } from 'zod';
import { fileSchema } from '../../src/config.ts';

export type ConfigKey = {
  /** `tenants.NAME.pull.attempts`; NAME stands for a name of your own. */
  readonly path: string;
  /** As JSON; undefined when there is none. */
  readonly default: string | undefined;
  readonly sentence: string;
};

type JsonSchema = {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | false;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
};

/** Every key, in the order of the schema; of two that share a path (`kind`, `mapping`) each. */
export function listConfigKeys(): readonly ConfigKey[] {
  return list(z.toJSONSchema(fileSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema, '');
}

function list(schema: JsonSchema, path: string): readonly ConfigKey[] {
  const own =
    schema.description === undefined ? [] : [{ path, default: toDefault(schema), sentence: schema.description }];
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    list(property, path === '' ? name : `${path}.${name}`),
  );
  const values =
    typeof schema.additionalProperties === 'object' ? list(schema.additionalProperties, `${path}.NAME`) : [];
  const options = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  return [...own, ...inner, ...values, ...options.flatMap((option) => list(option, path))];
}

function toDefault(schema: JsonSchema): string | undefined {
  const isEmpty = typeof schema.default === 'object';
  return schema.default === undefined || isEmpty ? undefined : JSON.stringify(schema.default);
}
