/** The look of what stands beside an axis, which the plots set on each text themselves. */
export const axisText = { fill: 'var(--dim)', fontSize: 11 };
