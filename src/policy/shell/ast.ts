import { forEachChild, parse, type SyntaxNode } from 'unbash';

/** A shell text, parsed: what of the parser's tree is looked at here. No other file knows the parser. */
export interface Script {
  commands: readonly Statement[];
  /** Present where positions refer to another text than that around it. */
  source?: string | undefined;
  errors?: readonly unknown[] | undefined;
}

export interface Statement {
  command: PipelineNode | AndOr;
  background: boolean | undefined;
}

export interface AndOr {
  type: 'AndOr';
  commands: readonly PipelineNode[];
  operators: readonly string[];
}

type PipelineNode = CommandNode | Pipeline;

interface Pipeline {
  type: 'Pipeline';
  commands: readonly CommandNode[];
  prefixes: readonly { type: string }[];
}

export type CommandNode =
  | Command
  | { type: 'Redirected'; command: CommandNode; redirects: readonly Redirection[] }
  | { type: 'Subshell' | 'BraceGroup'; body: List }
  | { type: 'Function'; name: Word; body: FunctionBody }
  | Loop
  | { type: 'If' | 'Case' | 'Coproc' | 'TestCommand' | 'ArithmeticCommand' };

export type FunctionBody = CommandNode | List;

interface List {
  type: 'CompoundList';
  commands: readonly Statement[];
}

export type Loop =
  | ValueLoop
  | { type: 'While'; kind: 'while' | 'until'; clause: List; body: List }
  | { type: 'ArithmeticFor'; test: unknown; body: List };

export interface ValueLoop {
  type: 'For' | 'Select';
  name: Word;
  wordlist: readonly Word[] | undefined;
  body: List;
}

export interface Command {
  type: 'Command';
  /** Where it stands in its text. */
  pos: number;
  end: number;
  name: Word | undefined;
  prefix: readonly (Assignment | Redirection)[];
  args: readonly (Word | Assignment)[];
  redirects: readonly Redirection[];
}

interface Assignment {
  type: 'Assignment';
  name: string;
  value: Word | { type: 'ArrayValue'; elements: readonly Word[] };
  append: boolean | undefined;
}

export type Redirection =
  | { type: 'Redirect' | 'HereString'; operator: string; target: Word | undefined }
  | { type: 'HereDoc'; body: { text: string; parts: readonly WordPart[] | undefined } };

export interface Word {
  type: 'Word';
  value: string;
  /** Absent where the word is plain text. */
  parts?: readonly WordPart[] | undefined;
}

export type WordPart =
  | { type: 'Literal' | 'SingleQuoted' | 'AnsiCQuoted' | 'Glob'; text: string; value: string }
  | { type: 'DoubleQuoted' | 'LocaleString'; text: string; parts: readonly WordPart[] }
  | { type: 'SimpleExpansion' | 'ArithmeticExpansion' | 'ExtendedGlob' | 'BraceExpansion'; text: string }
  | { type: 'CommandExpansion' | 'ProcessSubstitution'; text: string; script: Script | undefined }
  | ParameterExpansion;

/** `${…}`. */
export interface ParameterExpansion {
  type: 'ParameterExpansion';
  text: string;
  parameter: string;
  prefix: '!' | '#' | undefined;
  index: Word | undefined;
  operation: ParameterOperation | undefined;
}

export type ParameterOperation =
  | { type: 'Default' | 'Remove'; operator: string; operand: Word }
  | { type: 'Replace'; operator: string; pattern: Word; replacement: Word }
  | { type: 'Slice'; offset: Word; length: Word | undefined }
  | { type: 'CaseModification' | 'Transform' | 'Names' | 'Unknown'; operator: string };

/** Parses a shell text; what could not be parsed is in `errors`. */
export function parseScript(text: string): Script {
  return parse(text);
}

/** Visits the lists, words and commands nearest below a node. */
export function visitInside(
  node: CommandNode | List | Word,
  visit: (child: List | Word | Command) => void,
): void {
  const look = (child: SyntaxNode): void => {
    if (child.type === 'CompoundList' || child.type === 'Word' || child.type === 'Command') visit(child);
    else forEachChild(child, look);
  };
  forEachChild(node as SyntaxNode, look);
}
