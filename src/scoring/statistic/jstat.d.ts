declare module 'jstat' {
  const jStat: {
    normal: { inv(probability: number, mean: number, deviation: number): number };
    studentt: { inv(probability: number, degreesOfFreedom: number): number };
    mean(values: readonly number[]): number;
    stdev(values: readonly number[], sample: boolean): number;
  };
  export default jStat;
}
