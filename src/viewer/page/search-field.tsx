import { useRef } from 'react';
import { change } from './place.ts';
import { useKeys } from './trial/keyboard.tsx';

/** The text by which a list is filtered; it stands in the address, and `/` leads to it. */
export function SearchField({
  value,
  label,
  hint,
}: {
  value?: string | undefined;
  label: string;
  hint: string;
}) {
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => field.current?.focus() });
  return (
    <input
      ref={field}
      type="search"
      aria-label={label}
      placeholder={hint}
      value={value ?? ''}
      onChange={(event) => change({ q: event.target.value })}
    />
  );
}
