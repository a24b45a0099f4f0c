import { useState } from 'react';

const kept = 'proctor-theme';
type Theme = 'light' | 'dark';

/** Puts the chosen look on the page, or the system's where none was chosen. */
export function applyTheme(): Theme {
  const theme = chosen() ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  document.documentElement.dataset.theme = theme;
  return theme;
}

export function ThemeButton() {
  const [theme, setTheme] = useState(applyTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  const turn = () => {
    keep(other);
    setTheme(applyTheme());
  };
  return (
    <button type="button" className="quiet" onClick={turn} aria-label={`Switch to the ${other} theme`}>
      {theme === 'dark' ? '☀' : '☾'}
    </button>
  );
}

function chosen(): Theme | undefined {
  try {
    const value = localStorage.getItem(kept);
    return value === 'light' || value === 'dark' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A page opened from disk may have no storage. */
function keep(theme: Theme): void {
  try {
    localStorage.setItem(kept, theme);
  } catch {
    document.documentElement.dataset.theme = theme;
  }
}
