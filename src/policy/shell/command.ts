/** One simple command of a shell text, however deeply nested, as policy rules see it. */
export interface ShellCommand {
  /** Base name of the program; `:` for a bare redirection, empty where the text could not be parsed. */
  name: string;
  /** Arguments after expansion, in order. */
  args: string[];
  /** `-rf` as `-r` and `-f`; `--long=value` as `--long`. */
  flags: string[];
  /** Arguments that are not flags; a flag's separate value is among them. */
  operands: string[];
  /** The command as it was written, or as it was made up by a wrapper. */
  text: string;
  redirects: { op: string; path: string }[];
  /** Assignments before the command. */
  env: Record<string, string>;
  /** What it was run by, outermost first: `sudo`, `sh`, `xargs`, `python3` … */
  via: string[];
  /** What it stands in, outermost first: `function NAME`, `background`, `loop`, `endless`, `and` (behind `&&`), `if`. */
  within: string[];
  /** Reads the output of another command. */
  piped: boolean;
  /** Program text of an interpreter (`python -c`), else empty. */
  code: string;
  /** Every part of it could be worked out from the text. */
  resolved: boolean;
  /** Paths whose content it reads, as far as can be told; `~` stands for the home folder. */
  reads: string[];
  /** Paths it creates or changes. */
  writes: string[];
  /** Paths it removes. */
  deletes: string[];
  /** Hosts other than this machine that it contacts. */
  hosts: string[];
}

/** Stands in the list for text that could not be parsed. */
export function unparsed(text: string): ShellCommand {
  return {
    name: '',
    args: [],
    flags: [],
    operands: [],
    text,
    redirects: [],
    env: {},
    via: [],
    within: [],
    piped: false,
    code: '',
    resolved: false,
    reads: [],
    writes: [],
    deletes: [],
    hosts: [],
  };
}
