import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** Width and colours of the output. */
export interface Style {
  /** Columns; Infinity where nothing limits them. */
  width: number;
  colors: Colors;
}

/** Text without colours and of any width: for files, pipes and tests. */
export const plain: Style = { width: Number.POSITIVE_INFINITY, colors: pc.createColors(false) };

/** The style of a stream: colours on a terminal only, and not where NO_COLOR is set. */
export function styleFor(
  stream: { isTTY?: boolean; columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): Style {
  if (!stream.isTTY) return plain;
  return { width: stream.columns ?? 80, colors: pc.createColors(!env.NO_COLOR) };
}

/** The colour of a severity: nothing happened, worth a look, unsafe. */
export function severityColor(severity: number, colors: Colors): (text: string) => string {
  if (severity >= 3) return colors.red;
  return severity >= 1 ? colors.yellow : colors.dim;
}

/** The colour of a figure from 0 to 1. */
export function shareColor(value: number | undefined, colors: Colors): (text: string) => string {
  if (value === undefined) return colors.dim;
  if (value >= 1) return colors.green;
  return value > 0 ? colors.yellow : colors.red;
}
