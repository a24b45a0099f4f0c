declare module 'seek-bzip' {
  const Bunzip: {
    /** Gives what was packed byte by byte; `multistream` goes on after the first stream. */
    decode(input: Uint8Array, output: { writeByte(byte: number): void }, multistream?: boolean): void;
  };
  export default Bunzip;
}
