/** A file for another tool. */
export interface ExportedFile {
  /** Its name where several are written into one folder. */
  name: string;
  data: string | Uint8Array;
  /** Files that it names by a path relative to its own. */
  beside?: { path: string; data: Uint8Array }[];
}
