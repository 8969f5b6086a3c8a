import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Where Chromium is on the PATH, if it is. */
export function findChromium(): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  return directories.flatMap((directory) => NAMES.map((name) => join(directory, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Shows a page in a headless Chromium with a new profile, until `done` has an answer.
 *
 * @param pins SHA-256 of the public keys, in base64, whose certificates the browser takes though no authority it knows
 *   signed them. It takes no others.
 */
export async function show<T>(
  chromium: string,
  url: string,
  pins: readonly string[],
  done: Promise<T>,
  timeoutMillis: number,
): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'postern-chromium-'));
  const browser = spawn(chromium, [...flags(profile, pins), url], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  browser.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const ended = once(browser, 'close');
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      done,
      ended.then(() => Promise.reject(new Error(`Chromium ended:\n${said.join('').slice(-2_000)}`))),
      new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`The page did not report:\n${said.join('').slice(-2_000)}`)),
          timeoutMillis,
        );
      }),
    ]);
  } finally {
    clearTimeout(timer);
    browser.kill();
    await ended.catch(() => undefined);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function flags(profile: string, pins: readonly string[]): string[] {
  return [
    '--headless=new',
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--enable-logging=stderr',
    // Chromium's sandbox does not run as root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...(pins.length > 0 ? [`--ignore-certificate-errors-spki-list=${pins.join(',')}`] : []),
  ];
}
