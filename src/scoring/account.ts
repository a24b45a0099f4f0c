/** An account or a telephone number. */
export const account =
  /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b|\+\d[\d ()/-]{6,}\d|\b0\d{2,5}[ /-]\d[\d -]{4,}\d/g;
