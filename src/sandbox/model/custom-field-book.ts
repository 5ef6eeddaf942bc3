/**
 * The client's custom fields as they are now: those of the start, and what Update Custom Field made of them. Values that
 * contacts hold are not touched when a field changes its type.
 */
import { parseDay } from '../calendar.ts';
import type { ClientZone } from '../client-zone.ts';
import { type CustomField, customFields } from './custom-fields.ts';
import { toDecimal } from './plain-form.ts';

export type CustomFieldBook = {
  /** In no order, as the vendor's example has them. */
  readonly list: () => readonly CustomField[];
  /** Undefined for a column without a definition. */
  readonly find: (field: string) => CustomField | undefined;
  /** Replaces the definition, or makes one. */
  readonly set: (definition: CustomField) => void;
  /** True when the value is of the field's data type; a column without a definition takes any, and so does a clear. */
  readonly takes: (field: string, value: string) => boolean;
};

/** A book with the definitions of the start. */
export function makeCustomFieldBook(zone: ClientZone): CustomFieldBook {
  const definitions = new Map(customFields.map((definition) => [definition.field, definition]));
  return {
    list: () => [...definitions.values()].sort((left, right) => right.field.localeCompare(left.field)),
    find: (field) => definitions.get(field),
    set: (definition) => {
      definitions.set(definition.field, definition);
    },
    takes: (field, value) => {
      const definition = definitions.get(field);
      return definition === undefined || value === '' || isOfType(definition, value, zone);
    },
  };
}

function isOfType({ dataType, listValues }: CustomField, value: string, zone: ClientZone): boolean {
  switch (dataType) {
    case 'STRING':
      return true;
    case 'NUMBER':
      return toDecimal(value) !== undefined;
    case 'DATE':
      return parseDay(value, zone) !== undefined;
    case 'BOOLEAN':
      return value === 'true' || value === 'false';
    case 'LIST':
      return listValues?.includes(value) ?? false;
  }
}
