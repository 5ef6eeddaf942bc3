/**
 * All methods of the vendor's API that the client speaks. A new one is a file of its own, a line here and in client.ts, and a row in
 * docs/livevox-api.md, which a test holds against this list.
 */
import { bulkContactDownloadMethod } from './bulk-download.ts';
import { bulkCreateMethod, bulkUpdateMethod } from './bulk-write.ts';
import { listCustomFieldMethod } from './custom-fields.ts';
import { multipleContactsDndMethod } from './dnd.ts';
import { isSessionValidMethod, loginMethod, logoutMethod } from './session.ts';
import type { VendorMethod } from './vendor-method.ts';

export const vendorMethods: readonly VendorMethod[] = [
  loginMethod,
  isSessionValidMethod,
  logoutMethod,
  bulkContactDownloadMethod,
  bulkCreateMethod,
  bulkUpdateMethod,
  multipleContactsDndMethod,
  listCustomFieldMethod,
];
