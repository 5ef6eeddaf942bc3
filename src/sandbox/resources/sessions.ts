/**
 * The Session API: login, validate, logout. Login alone asks for the access token; the session it gives stands for both
 * user and token from then on.
 */
import { z } from 'zod';
import { type Answer, empty, errorCodes, json, Refusal } from '../answer.ts';
import { clientId } from '../model/population.ts';
import type { Exchange } from '../router.ts';
import { parseBody } from '../wire/parse-body.ts';
import { toWireNumber } from '../wire/wire-number.ts';

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
  const { clientName, userName, password } = parseBody(loginBody, body);
  const user = world.users.find((known) => known.userName === userName && known.password === password);
  if (clientName !== world.clientName || user === undefined) throw refuseLogin('Invalid credentials');
  return json({
    sessionId: world.sessions.open(user, token).id,
    clientId: toWireNumber(world.dialect, clientId),
    userId: toWireNumber(world.dialect, firstUserId + world.users.indexOf(user)),
    daysUntilPasswordExpires: 60,
  });
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
