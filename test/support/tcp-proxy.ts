/**
 * A door between a process and its server that can be shut: connections through it are cut, and new ones refused, until it is opened again.
 * What it stands for: the server away, its host restarted, the network gone.
 */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export type TcpProxy = {
  /** The server's address with the proxy's host and port in it. */
  readonly url: string;
  /** Cuts every connection and refuses new ones. */
  readonly shut: () => Promise<void>;
  readonly open: () => Promise<void>;
};

/** Stands before the server of a connection string; closed when the running test is over. */
export async function setupTcpProxy(serverUrl: string): Promise<TcpProxy> {
  const target = new URL(serverUrl);
  const socketFolder = target.searchParams.get('host');
  const port = Number(target.port === '' ? 5432 : target.port);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  };
  const makeServer = (): Server =>
    createServer((client) => {
      const server = keep(
        socketFolder?.startsWith('/') ? connect(`${socketFolder}/.s.PGSQL.${port}`) : connect(port, target.hostname),
      );
      keep(client).pipe(server).pipe(client);
      client.once('close', () => server.destroy());
      server.once('close', () => client.destroy());
    });
  let server = makeServer();
  const ownPort = await listen(server, 0);
  const shut = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  onTestFinished(shut);
  return {
    url: toProxied(target, ownPort),
    shut,
    open: async () => {
      server = makeServer();
      await listen(server, ownPort);
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function toProxied(target: URL, port: number): string {
  const url = new URL(target.href);
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}
