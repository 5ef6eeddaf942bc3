/**
 * The Session API: login, validate, logout. Login alone asks for the access token; the session it gives stands for both
 * user and token from then on.
 */
import { z } from 'zod';
import { type Answer, empty, errorCodes, json, Refusal } from '../answer.ts';
import { loginAgent } from '../model/agents.ts';
import { clientId } from '../model/population.ts';
import type { Exchange } from '../router.ts';
import type { SandboxUser } from '../session-book.ts';
import { parseBody } from '../wire/parse-body.ts';
import { toWireNumber } from '../wire/wire-number.ts';
import type { World } from '../world.ts';

const loginBody = z.strictObject({
  clientName: z.string(),
  userName: z.string(),
  password: z.string(),
  agent: z.boolean().optional(),
});

const firstUserId = 320_001;

/** `POST /session/login` */
export function login({ world, body, header }: Exchange): Answer {
  const token = header('lv-access');
  if (token === undefined || !world.accessTokens.includes(token)) throw refuseLogin('Invalid access token');
  const { clientName, userName, password, agent = false } = parseBody(loginBody, body);
  const user = findUser(world, { userName, password, agent });
  if (clientName !== world.clientName || user === undefined) throw refuseLogin('Invalid credentials');
  return json({
    sessionId: world.sessions.open(user, token).id,
    clientId: toWireNumber(world.dialect, clientId),
    userId: toWireNumber(world.dialect, toUserId(world, user)),
    daysUntilPasswordExpires: 60,
  });
}

type Login = { readonly userName: string; readonly password: string; readonly agent: boolean };

/** Agents log in as agents only: those of the sandbox, or users whose role it is. */
function findUser(world: World, { userName, password, agent }: Login): SandboxUser | undefined {
  const user = world.users.find((known) => known.userName === userName && known.password === password);
  if (!agent || user?.role === 'Agent') return user;
  return loginAgent(world.agents.list(), { loginId: userName, password, now: world.now() });
}

function toUserId(world: World, user: SandboxUser): number {
  const index = world.users.indexOf(user);
  if (index !== -1) return firstUserId + index;
  return world.agents.list().find(({ loginId }) => loginId === user.userName)?.id ?? 0;
}

/** `GET /session/validate/{sessionId}` and `GET /session/validate?sessionId=` */
export function validateSession({ world, params, query }: Exchange): Answer {
  const id = params['sessionId'] ?? query.get('sessionId') ?? '';
  if (world.sessions.find(id) === undefined) throw new Refusal(404, errorCodes.notFound, 'Session not found');
  return empty();
}

/** `PUT /session/logout/{sessionId}` */
export function logout({ world, params }: Exchange): Answer {
  if (!world.sessions.close(params['sessionId'] ?? ''))
    throw new Refusal(404, errorCodes.notFound, 'Session not found');
  return empty();
}

function refuseLogin(message: string): Refusal {
  return new Refusal(401, errorCodes.unauthorized, message);
}
