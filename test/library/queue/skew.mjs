// Preloaded into a worker whose clock is wrong: by so many milliseconds.
const off = Number(process.env.PROCTOR_TEST_SKEW ?? 0);
const Right = Date;
globalThis.Date = class extends Right {
  constructor(...args) {
    if (args.length === 0) super(Right.now() + off);
    else super(...args);
  }
  static now() {
    return Right.now() + off;
  }
};
