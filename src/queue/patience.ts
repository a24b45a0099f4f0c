/** How long what has to be told to the database is tried, in milliseconds. */
export const patienceMs = 20_000;
