import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';

interface ListProps<T> {
  as: 'nav' | 'section';
  className?: string;
  label: string;
  items: readonly T[];
  /** Height of a line in pixels; a first guess where lines are `measured`. */
  heightOf(item: T): number;
  measured?: boolean;
  /** The line that is scrolled to, and where it then is; none where negative. */
  at?: number;
  align?: 'auto' | 'center';
  line(item: T, index: number): ReactNode;
  children?: ReactNode;
}

/** A box that scrolls, with lines of which only those in sight are in the page. */
export function VirtualList<T>(props: ListProps<T>) {
  const { as: Box, className, label, items, heightOf, measured, at = -1, align = 'auto', line } = props;
  const box = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => heightOf(items[index] as T),
    overscan: 12,
    useFlushSync: false,
  });
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align });
  }, [at, align, virtual]);
  return (
    // What scrolls must be reached by keyboard; a list of links is, by these.
    <Box className={className} ref={box} aria-label={label} tabIndex={Box === 'section' ? 0 : undefined}>
      <div className="canvas" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ key, index, start }) => (
          <div
            key={key}
            ref={measured ? virtual.measureElement : undefined}
            data-index={index}
            className="placed"
            style={{ transform: `translateY(${start}px)` }}
          >
            {index < items.length && line(items[index] as T, index)}
          </div>
        ))}
      </div>
      {props.children}
    </Box>
  );
}
