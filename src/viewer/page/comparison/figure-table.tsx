interface FigureTableProps {
  label: string;
  titles: readonly string[];
  /** The name of a line, and its figures. */
  rows: readonly (readonly [name: string, ...figures: string[]])[];
}

/** Named figures, which a narrow screen scrolls sideways. */
export function FigureTable({ label, titles, rows }: FigureTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <section className="wide" aria-label={label} tabIndex={0}>
      <table className="figures">
        <thead>
          <tr>
            <td />
            {titles.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...figures]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {figures.map((text, index) => (
                <td key={titles[index]}>{text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
