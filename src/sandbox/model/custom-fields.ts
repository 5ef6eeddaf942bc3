/**
 * The custom fields this client has defined: COL1..COL20, of every data type, under the client's own labels. Labels are
 * awkward on purpose: some repeat, one is the label of a standard field, two need quoting in CSV.
 * The other eighty columns exist, are empty, and take values like any other.
 */

export const customFieldTypes = ['STRING', 'NUMBER', 'DATE', 'BOOLEAN', 'LIST'] as const;
type CustomFieldType = (typeof customFieldTypes)[number];

export type CustomField = {
  readonly field: string;
  readonly label: string;
  readonly dataType: CustomFieldType;
  /** Only of a LIST: the values to choose from. */
  readonly listValues?: readonly string[];
};

/** In column order, COL1 first. */
export const customFields: readonly CustomField[] = [
  { field: 'COL1', label: 'Company', dataType: 'STRING' },
  { field: 'COL2', label: 'Placement Date', dataType: 'DATE' },
  { field: 'COL3', label: 'Score', dataType: 'NUMBER' },
  {
    field: 'COL4',
    label: 'Preferred Language',
    dataType: 'LIST',
    listValues: ['English', 'Spanish', 'French', 'Tagalog'],
  },
  { field: 'COL5', label: 'VIP', dataType: 'BOOLEAN' },
  { field: 'COL6', label: 'Phone 1 Status Description', dataType: 'STRING' },
  { field: 'COL7', label: 'Score', dataType: 'NUMBER' },
  { field: 'COL8', label: 'Last Payment Date', dataType: 'DATE' },
  { field: 'COL9', label: 'Last Payment Amount', dataType: 'NUMBER' },
  { field: 'COL10', label: 'Account', dataType: 'STRING' },
  {
    field: 'COL11',
    label: 'Product, Line',
    dataType: 'LIST',
    listValues: ['Auto', 'Card', 'Medical, hospital', 'Utility'],
  },
  { field: 'COL12', label: 'Note "internal"', dataType: 'STRING' },
  { field: 'COL13', label: 'Days Past Due', dataType: 'NUMBER' },
  { field: 'COL14', label: 'Disputed', dataType: 'BOOLEAN' },
  { field: 'COL15', label: 'Best Time to Call', dataType: 'LIST', listValues: ['Morning', 'Afternoon', 'Evening'] },
  { field: 'COL16', label: 'Company', dataType: 'STRING' },
  { field: 'COL17', label: 'Charge-off Date', dataType: 'DATE' },
  { field: 'COL18', label: 'Branch', dataType: 'STRING' },
  { field: 'COL19', label: 'Año de apertura', dataType: 'NUMBER' },
  { field: 'COL20', label: 'Segment', dataType: 'STRING' },
];
