/** The shapes in which the vendor's pages show the body of an error, one of which the dialect chooses. */
import type { ErrorBody } from './answer.ts';
import type { Dialect } from './dialect.ts';

export type ErrorText = { readonly contentType: string; readonly text: string };

/** Undefined for the shape without a body. */
export function formatError({ code, message }: ErrorBody, shape: Dialect['errors']): ErrorText | undefined {
  switch (shape) {
    case 'code':
      return toJson({ code, message });
    case 'errorCode':
      return toJson({ errorCode: code, errorMessage: message });
    case 'requestId':
      return toJson({ code, 'Request Id': 'sandbox', Message: message });
    case 'xml':
      return {
        contentType: 'application/xml',
        text: `<ErrorResponse code="${code}" message="${escapeXml(message)}"/>`,
      };
    case 'broken':
      return { contentType: 'application/json', text: `{[${JSON.stringify({ code, message })}` };
    case 'none':
      return undefined;
  }
}

function toJson(body: unknown): ErrorText {
  return { contentType: 'application/json', text: JSON.stringify(body) };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
