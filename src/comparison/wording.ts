/** A share in points of a hundred: `8.3`, `−2.1`. */
export function points(share: number): string {
  const text = Math.abs(share * 100).toFixed(1);
  return share < 0 && text !== '0.0' ? `−${text}` : text;
}

/** `= .011`, `< .001`, `= 1` */
export function pText(p: number): string {
  if (p < 0.001) return '< .001';
  return p > 0.9995 ? '= 1' : `= ${p.toFixed(3).slice(1)}`;
}
