/** Everything this library throws on purpose. */
export * from './postern-error.js';
export * from './trust-errors.js';
export * from './session-errors.js';
export * from './call-errors.js';
