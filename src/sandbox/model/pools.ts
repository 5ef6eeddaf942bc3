/**
 * What the made-up people are made of. Some names carry accents, other scripts, apostrophes, commas or quotes, because
 * real ones do; nobody here is real: phones use the exchange 555, mail goes to example domains, social security
 * numbers start with 9, which is never issued.
 */

// biome-ignore format: a pool reads better as a block
export const firstNames: readonly string[] = [
  'James', 'Mary', 'Robert', 'Patricia', 'John', 'Jennifer', 'Michael', 'Linda', 'David', 'Elizabeth', 'William', 'Barbara',
  'Richard', 'Susan', 'Joseph', 'Jessica', 'Thomas', 'Karen', 'Carlos', 'Nancy', 'Daniel', 'Lisa', 'Matthew', 'Betty',
  'Anthony', 'Sandra', 'Mark', 'Ashley', 'José', 'Zoë', 'Søren', 'Łukasz', 'Renée', 'François', 'Nguyệt', '美玲',
  "D'Angelo", 'Mary Ann',
];
// biome-ignore format: a pool reads better as a block
export const lastNames: readonly string[] = [
  'Smith', 'Johnson', 'Williams', 'Brown', 'Jones', 'Garcia', 'Miller', 'Davis', 'Rodriguez', 'Martinez', 'Hernandez',
  'Lopez', 'Gonzalez', 'Wilson', 'Anderson', 'Thomas', 'Taylor', 'Moore', 'Jackson', 'Martin', 'Lee', 'Perez', 'Thompson',
  'White', 'Harris', 'Sanchez', 'Clark', 'Ramirez', 'Lewis', 'Robinson', 'Müller', 'Núñez', "O'Brien", 'Nguyễn', 'Żak',
  'Smith-Jones', 'Davis, Jr.', 'King "Rex"',
];
// biome-ignore format: a pool reads better as a block
export const streets: readonly string[] = [
  'Main St', 'Oak Ave', 'Maple Dr', 'Cedar Ln', 'Park Blvd', 'Washington St', 'Lake Rd', 'Hillcrest Way', 'Pine Ct',
  'Sunset Blvd', '2nd Ave', 'Church St', 'River Rd', 'Martin Luther King Jr Blvd',
];
export const addressDetails: readonly string[] = [
  'Apt 4',
  'Apt 12B',
  'Suite 300',
  'Unit 7',
  'Bldg 2, Apt 9',
  'c/o "The Annex"',
];

export type Place = {
  readonly city: string;
  readonly state: string;
  readonly zip: string;
  readonly areaCodes: readonly string[];
};
export const places: readonly Place[] = [
  { city: 'Boston', state: 'MA', zip: '021', areaCodes: ['617', '857'] },
  { city: 'New York', state: 'NY', zip: '100', areaCodes: ['212', '646', '917'] },
  { city: 'Philadelphia', state: 'PA', zip: '191', areaCodes: ['215', '267'] },
  { city: 'Atlanta', state: 'GA', zip: '303', areaCodes: ['404', '678'] },
  { city: 'Miami', state: 'FL', zip: '331', areaCodes: ['305', '786'] },
  { city: 'Chicago', state: 'IL', zip: '606', areaCodes: ['312', '773'] },
  { city: 'St. Louis', state: 'MO', zip: '631', areaCodes: ['314'] },
  { city: 'Dallas', state: 'TX', zip: '752', areaCodes: ['214', '469'] },
  { city: 'El Paso', state: 'TX', zip: '799', areaCodes: ['915'] },
  { city: 'Denver', state: 'CO', zip: '802', areaCodes: ['303', '720'] },
  { city: 'Phoenix', state: 'AZ', zip: '850', areaCodes: ['602', '480'] },
  { city: 'Los Angeles', state: 'CA', zip: '900', areaCodes: ['213', '310'] },
  { city: 'Cañon City', state: 'CO', zip: '812', areaCodes: ['719'] },
  { city: 'Seattle', state: 'WA', zip: '981', areaCodes: ['206'] },
];

export const departments: readonly string[] = ['Collections', 'Early Out', 'Customer Care', 'Sales'];
export const salutations: readonly string[] = ['Mr', 'Mrs', 'Ms', 'Dr'];
export const titles: readonly string[] = ['Mr', 'Ms', 'Dr', 'Engineer', 'Owner'];
export const companies: readonly string[] = [
  'Northwind Health',
  'Contoso Bank',
  'Fabrikam, Inc.',
  'Tailspin Utilities',
  'Acme "Plus" LLC',
];
export const mailDomains: readonly string[] = ['example.com', 'example.org', 'example.net'];
export const phoneStatuses: readonly string[] = [
  'Answered',
  'No answer',
  'Busy',
  'Disconnected',
  'Left message, will call back',
];
export const segments: readonly string[] = ['Gold', 'Silver', 'Bronze', 'New'];
export const notes: readonly string[] = [
  'Prefers e-mail',
  'Said "call after 5"',
  'Moved, new address pending',
  'Habla español',
];
export const users: readonly string[] = ['jdoe', 'import', 'system', 'mgarcia'];
