import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, WebSocket as Ws } from 'ws';
import { PosternClient, type PosternClientOptions } from '../../src/client.js';
import { readObject, type JsonObject } from '../../src/json.js';
import { MessageAssembler } from '../../src/message-assembler.js';
import { concatenate, type Octets } from '../../src/octets.js';
import { AUDIENCE, Relay, RELAY_ID, type Opened, type RelaySession } from './relay.js';

/** One request as the relay saw it. */
export interface Asked {
  readonly stream: number;
  readonly document: JsonObject;
  readonly session: LiveSession;
}

/** A session as the relay holds it. */
export interface LiveSession {
  readonly number: number;
  readonly sealed: RelaySession;
  readonly parameters: JsonObject;
  send(...frames: readonly Octets[]): void;
  close(code: number, reason: string): void;
  /** Breaks the connection without a word. */
  drop(): void;
}

/** What a test decides. */
export interface Behaviour {
  /** Before OPEN is looked at; a refusal is a close code and a reason. */
  onOpen?(attempt: number): { code: number; reason: string } | undefined;
  onRequest?(asked: Asked): Promise<void> | void;
  onError?(opened: Opened, session: LiveSession): void;
  onClose?(opened: Opened): void;
}

/** A gateway and a relay behind it in one process: SSP1 over HTTP and a WebSocket. */
export class FakeGateway {
  readonly opens: { keyId: string; protocols: string; session?: LiveSession }[] = [];
  readonly authorizations: (string | undefined)[] = [];
  keyConfig: () => Promise<string> = () => this.relay.signed();
  status = 200;
  /** Offered beside the first. */
  readonly replicas: Relay[] = [];
  /** Of every OPEN from now on. */
  refusal: { code: number; reason: string } | undefined;
  #clients: PosternClient[] = [];

  private constructor(
    readonly relay: Relay,
    readonly server: Server,
    readonly sockets: WebSocketServer,
    readonly behaviour: Behaviour,
  ) {}

  static async start(behaviour: Behaviour = {}, relay?: Relay): Promise<FakeGateway> {
    const server = createServer();
    const sockets = new WebSocketServer({ server, path: '/ssp1', handleProtocols: () => 'ssp1' });
    const gateway = new FakeGateway(relay ?? (await Relay.create({ suites: ['x25519'] })), server, sockets, behaviour);
    server.on('request', (request, response) => {
      // A page of any origin may ask.
      response.setHeader('Access-Control-Allow-Origin', '*').setHeader('Access-Control-Allow-Headers', 'authorization');
      if (request.method === 'OPTIONS') {
        response.end();
        return;
      }
      gateway.authorizations.push(request.headers.authorization);
      void gateway.#document().then((body) => response.writeHead(gateway.status).end(body));
    });
    sockets.on('connection', (socket, request) => gateway.#connected(socket, request));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  client(options: Partial<PosternClientOptions> = {}): PosternClient {
    const client = new PosternClient({
      gateway: this.url,
      trustAnchors: [this.relay.authority.certificate],
      relayId: RELAY_ID,
      audience: AUDIENCE,
      clientId: 'app',
      tokens: { gateway: async () => 'gateway.token', relay: async (thumbprint) => `relay-token-${thumbprint}` },
      suites: ['x25519'],
      backoff: { baseMillis: 1, maxMillis: 5 },
      openTimeoutMs: 2_000,
      WebSocket: Ws,
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    this.sockets.clients.forEach((socket) => socket.terminate());
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #document(): Promise<string> {
    const relays = [{ key_config: await this.keyConfig(), challenge: this.relay.challenge() }];
    for (const replica of this.replicas) {
      relays.push({ key_config: await replica.signed(), challenge: replica.challenge() });
    }
    return JSON.stringify({ relays });
  }

  #connected(socket: Ws, request: IncomingMessage): void {
    const opening: FakeGateway['opens'][number] = {
      keyId: new URL(request.url!, this.url).searchParams.get('key_id')!,
      protocols: request.headers['sec-websocket-protocol'] ?? '',
    };
    this.opens.push(opening);
    const attempt = this.opens.length;
    const assemblers = new Map<number, MessageAssembler>();
    let live: LiveSession | undefined;
    let tail = Promise.resolve();
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      tail = tail.then(async () => {
        const message = concatenate(data);
        if (live !== undefined) {
          await this.#frame(live, message, assemblers);
          return;
        }
        const refusal = this.refusal ?? this.behaviour.onOpen?.(attempt);
        if (refusal !== undefined) {
          socket.close(refusal.code, refusal.reason);
          return;
        }
        const { accept, session, parameters } = await (
          this.replicas.find((replica) => replica.has(opening.keyId)) ?? this.relay
        ).answer(message);
        live = {
          number: attempt,
          sealed: session,
          parameters,
          send: (...frames) => frames.forEach((frame) => socket.send(frame)),
          close: (code, reason) => socket.close(code, reason),
          drop: () => socket.terminate(),
        };
        opening.session = live;
        socket.send(accept);
      });
    });
  }

  async #frame(live: LiveSession, frame: Octets, assemblers: Map<number, MessageAssembler>): Promise<void> {
    const opened = await live.sealed.open(frame);
    switch (opened.header.type) {
      case 'data': {
        const { stream, idx, fin } = opened.header;
        const assembler = assemblers.get(stream) ?? new MessageAssembler(1 << 22);
        assemblers.set(stream, assembler);
        const message = assembler.add({
          kind: 'delivered',
          stream,
          idx,
          fin,
          type: opened.type,
          content: opened.content,
        });
        if (message?.last === true) {
          await this.behaviour.onRequest?.({ stream, document: readObject(message.content), session: live });
        }
        break;
      }
      case 'error':
        this.behaviour.onError?.(opened, live);
        break;
      case 'close':
        this.behaviour.onClose?.(opened);
        break;
      case 'key-update':
        throw new Error('a client updates no keys');
    }
  }
}
