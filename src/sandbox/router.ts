/**
 * Finds the route of a request in a table. A path may have `{parameters}`; a literal segment beats a parameter whatever
 * the order of the table and whatever the method: an account called `bulk` cannot be addressed by its path. A slash at
 * the end of a path means nothing. Two routes may share method and path when the body decides, as Bulk Contact Download and
 * Bulk Create Contact do: each then says which body is its own.
 */
import type { Answer } from './answer.ts';
import type { RequestFaults } from './faults.ts';
import type { LogEntry } from './request-log.ts';
import type { Role, Session } from './session-book.ts';
import type { World } from './world.ts';

export type Body = Readonly<Record<string, unknown>>;

/** A request on its way to its handler. */
export type Exchange = {
  readonly world: World;
  /** Path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** `{}` for a request without a body; handlers check it themselves. */
  readonly body: unknown;
  readonly header: (name: string) => string | undefined;
  /** Undefined on open routes only. */
  readonly session: Session | undefined;
  readonly faults: RequestFaults;
  readonly entry: LogEntry;
};

export type Route = {
  /** The name by which faults and the log call it. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Roles that may call it; `open` needs no session. */
  readonly roles: readonly Role[] | 'open';
  /** Set where the vendor's page shows a POST or PUT without a body. */
  readonly body?: 'optional';
  /** Whether the body belongs to this route, where several share method and path. */
  readonly takes?: (body: Body) => boolean;
  readonly handle: (exchange: Exchange) => Answer | Promise<Answer>;
};

export type Match = { readonly params: Readonly<Record<string, string>>; readonly routes: readonly Route[] };

/** `unknown`: no such path; `method`: the path exists under other methods. */
export type FindRoutes = (method: string, path: string) => Match | 'unknown' | 'method';

/** All routes of one path; they share its segments. */
type Place = { readonly segments: readonly string[]; readonly routes: readonly Route[] };

export function makeRouter(routes: readonly Route[]): FindRoutes {
  const places: Place[] = [...new Set(routes.map((route) => route.path))].map((path) => ({
    segments: path.split('/'),
    routes: routes.filter((route) => route.path === path),
  }));
  // A parameter sorts behind every literal segment.
  places.sort((left, right) => compareText(toRank(left), toRank(right)));
  return (method, path) => {
    const segments = path.replace(/\/$/, '').split('/');
    const matches = places.flatMap((place) => {
      const params = matchSegments(place.segments, segments);
      return params === undefined ? [] : [{ place, params }];
    });
    const [first] = matches;
    if (first === undefined) return 'unknown';
    for (const { place, params } of matches) {
      // What the more literal path shadows stays hidden, also where it lacks the method.
      if (toRank(place) !== toRank(first.place)) break;
      const routes = place.routes.filter((route) => route.method === method);
      if (routes.length > 0) return { params, routes };
    }
    return 'method';
  };
}

function toRank({ segments }: Place): string {
  return segments.map((segment) => (isParameter(segment) ? '1' : '0')).join('');
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}

function matchSegments(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? '';
    if (isParameter(expected)) {
      const decoded = decode(actual);
      if (decoded === undefined || decoded === '') return undefined;
      params[expected.slice(1, -1)] = decoded;
    } else if (expected !== actual) return undefined;
  }
  return params;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
