import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** What the page is told. Its anchors come with it: whoever can change them can be the relay. */
export interface PageSettings {
  readonly gateway: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly relayId: string;
  readonly audience: string;
  readonly anchor: string;
  /** An authority that signed no relay. */
  readonly foreignAnchor: string;
  readonly model: string;
}

/** How a token endpoint answers: a token, or a refusal, perhaps with a nonce for the next proof. */
export type TokenAnswer = { readonly token: string } | { readonly nonce: string | null };

/** What the page's own server does for it. It holds the client's credentials, which no page should. */
export interface Backend {
  readonly settings: PageSettings;
  gatewayToken(): Promise<string>;
  /** @param proof the page's, of the key that the token shall be bound to and that never leaves the page */
  relayToken(proof: string): Promise<TokenAnswer>;
}

/** One line of the page's report. */
export interface Check {
  readonly name: string;
  /** What went wrong, if anything did. */
  readonly failure?: string;
}

const PACKAGE = new URL('../../', import.meta.url);
const FILES: ReadonlyMap<string, URL> = new Map([
  ['/build/', new URL('build/', PACKAGE)],
  ['/node_modules/', new URL('node_modules/', PACKAGE)],
  ['/vectors/', new URL('../../testdata/vectors/', PACKAGE)],
]);
const TYPES: ReadonlyMap<string, string> = new Map([
  ['js', 'text/javascript'],
  ['json', 'application/json'],
]);

/** A web application on loopback: the page, the client's modules as they are, and two addresses for tokens. */
export class Site {
  readonly #backend: Backend;
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));
  readonly report: Promise<readonly Check[]>;
  #reported: (checks: readonly Check[]) => void = () => undefined;

  private constructor(backend: Backend) {
    this.#backend = backend;
    this.report = new Promise((resolve) => {
      this.#reported = resolve;
    });
  }

  /** @param port 0 is any free one */
  static async start(backend: Backend, port: number): Promise<Site> {
    const site = new Site(backend);
    await new Promise<void>((resolve, reject) => {
      site.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return site;
  }

  /** The page's origin: `localhost` is a secure context, so WebCrypto is there. */
  get origin(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url!, this.origin);
    try {
      switch (`${request.method} ${pathname}`) {
        case 'GET /':
          this.#page(response);
          break;
        case 'GET /settings':
          response.end(JSON.stringify(this.#backend.settings));
          break;
        case 'POST /tokens/gateway':
          response.end(await this.#backend.gatewayToken());
          break;
        case 'POST /tokens/relay':
          await this.#relayToken(request, response);
          break;
        case 'POST /report':
          this.#reported(JSON.parse(await text(request)) as Check[]);
          response.end();
          break;
        default:
          await file(pathname, response);
      }
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  }

  #page(response: ServerResponse): void {
    const nonce = randomBytes(16).toString('base64');
    const gateway = new URL(this.#backend.settings.gateway).host;
    const sockets = this.#backend.settings.gateway.replace(/^http/, 'ws');
    response.setHeader(
      'Content-Security-Policy',
      `default-src 'none'; script-src 'self' 'nonce-${nonce}'; require-trusted-types-for 'script'; ` +
        `connect-src 'self' ${this.#backend.settings.gateway} ${new URL(sockets).protocol}//${gateway}`,
    );
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(
      '<!doctype html><title>Postern</title><link rel="icon" href="data:,">' +
        `<script type="importmap" nonce="${nonce}">${JSON.stringify(importMap())}</script>` +
        '<script type="module" src="/build/browser/page.js"></script>',
    );
  }

  async #relayToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#backend.relayToken(String(request.headers['dpop']));
    if ('token' in answer) {
      response.end(answer.token);
    } else {
      response.writeHead(400, answer.nonce === null ? {} : { 'DPoP-Nonce': answer.nonce }).end();
    }
  }
}

/** Where a browser finds the packages that the client imports by name: where npm put them. */
function importMap(): { imports: Record<string, string>; scopes: Record<string, Record<string, string>> } {
  const lock = JSON.parse(readFileSync(new URL('package-lock.json', PACKAGE), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const imports: Record<string, string> = {};
  const scopes: Record<string, Record<string, string>> = {};
  for (const [path, { dev }] of Object.entries(lock.packages)) {
    const at = path.lastIndexOf('node_modules/');
    if (at >= 0 && dev !== true) {
      const name = path.slice(at + 'node_modules/'.length);
      const names = at === 0 ? imports : (scopes[`/${path.slice(0, at)}`] ??= {});
      names[name] = `/${path}/index.js`;
      names[`${name}/`] = `/${path}/`;
    }
  }
  return { imports, scopes };
}

async function file(pathname: string, response: ServerResponse): Promise<void> {
  const type = TYPES.get(pathname.slice(pathname.lastIndexOf('.') + 1));
  const [prefix, directory] = [...FILES].find(([start]) => pathname.startsWith(start)) ?? [];
  if (type === undefined || prefix === undefined || directory === undefined) {
    response.writeHead(404).end();
    return;
  }
  const content = await readFile(fileURLToPath(new URL(pathname.slice(prefix.length), directory)));
  response.writeHead(200, { 'Content-Type': type }).end(content);
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) {
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}
