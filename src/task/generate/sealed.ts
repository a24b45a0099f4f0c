const closed: readonly [holder: object, name: string, what: string][] = [
  [Math, 'random', 'Math.random: chance comes from `random`'],
  [Date, 'now', 'the clock'],
  [performance, 'now', 'the clock'],
  [globalThis, 'fetch', 'the network'],
  [globalThis, 'Date', 'the clock'],
];

/** Calls a function that must depend on nothing but its arguments: where it asks for the clock, chance or the network, it throws. */
export function sealed<T>(call: () => T): T {
  const before = closed.map(([holder, name]) => Object.getOwnPropertyDescriptor(holder, name));
  try {
    for (const [holder, name, what] of closed)
      Object.defineProperty(holder, name, {
        value: name === 'Date' ? timelessDate(what) : () => refuse(what),
        configurable: true,
        writable: true,
      });
    return call();
  } finally {
    for (const [index, [holder, name]] of closed.entries()) {
      const descriptor = before[index];
      if (descriptor) Object.defineProperty(holder, name, descriptor);
      else Reflect.deleteProperty(holder, name);
    }
  }
}

function refuse(what: string): never {
  throw new Error(`asks for ${what}; an instance follows from its seed alone`);
}

/** Dates of given times only. */
function timelessDate(what: string): DateConstructor {
  return new Proxy(Date, {
    construct: (target, args) => (args.length === 0 ? refuse(what) : Reflect.construct(target, args)),
    apply: () => refuse(what),
  });
}
