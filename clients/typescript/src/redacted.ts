const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Makes a class print as what `describe` says, however it is printed: text, JSON, or Node's inspector. */
export function redacted<T extends object>(type: { prototype: T }, describe: (value: T) => string): void {
  const print = {
    configurable: true,
    value(this: T): string {
      return describe(this);
    },
  };
  Object.defineProperties(type.prototype, { toString: print, toJSON: print, [INSPECT]: print });
}
