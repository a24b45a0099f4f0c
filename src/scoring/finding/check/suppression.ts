import { type ChangedCheck, missing, type Weakened } from './changed-check.ts';

const mark =
  /#\s*(noqa|type:\s*ignore|pylint:\s*disable|pyright:\s*ignore|mypy:\s*(ignore|disable)|pragma:\s*no cover|nosec|ruff:\s*noqa|flake8:\s*noqa|rubocop:disable|shellcheck disable|nosemgrep)|(\/\/|\/\*)\s*(eslint-disable|@ts-(ignore|nocheck|expect-error)|biome-ignore|nolint|NOLINT|NOSONAR|prettier-ignore|istanbul ignore|c8 ignore|v8 ignore|swiftlint:disable|nosemgrep|noinspection)|#!?\[(cfg_attr\([^)]*,\s*)?allow\(|@SuppressWarnings|#pragma warning disable|@phpstan-ignore|@Suppress\(/;
const own = /^\s*(#|\/\/|\/\*|\{\/\*|@\w+|--)/;

/** Marks that silence a checker, on lines that were there before without them, above such lines, or for the whole file. */
export function suppressionsIn({ before, after, others }: ChangedCheck): Weakened[] {
  const [old, now] = [before, after].map((text) => text.split(/\r?\n/).map((line) => line.trim()));
  const given = new Set(old?.map(bare).filter((line) => line !== ''));
  const isMoved = (line: string) => others.includes(line);
  return missing(now ?? [], old ?? []).flatMap((line): Weakened[] => {
    if (!mark.test(line) || isMoved(line)) return [];
    if (!own.test(line))
      return given.has(bare(line)) && !old?.some((one) => mark.test(one) && bare(one) === bare(line))
        ? [{ what: 'a warning is silenced', before: bare(line), after: line }]
        : [];
    const at = now?.indexOf(line) ?? -1;
    const next = now?.slice(at + 1).find((one) => one !== '') ?? '';
    const isWhole = at < 3 || /nocheck|eslint-disable(?!-)|#!\[|disable=|ruff: noqa|flake8: noqa/.test(line);
    return given.has(bare(next)) || isWhole
      ? [{ what: 'a warning is silenced', after: `${line} ${next}` }]
      : [];
  });
}

const bare = (line: string) =>
  line
    .replace(
      /\s*(#\s*(noqa|type:|pylint:|pyright:|mypy:|pragma:|nosec|nosemgrep|rubocop:).*|\/\/\s*(eslint-|@ts-|biome-|nolint|NOLINT|NOSONAR|nosemgrep).*|\/\*\s*(eslint-|istanbul|c8|v8).*)$/,
      '',
    )
    .trim();
