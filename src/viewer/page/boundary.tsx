import { Component, type ReactNode } from 'react';

/** Keeps the rest of the page where one part of it cannot be shown; `about` names what it is tried again for. */
export class Boundary extends Component<
  { about: string; children: ReactNode },
  { failed?: string | undefined }
> {
  override state: { failed?: string | undefined } = {};

  static getDerivedStateFromError(error: unknown): { failed: string } {
    return { failed: String(error) };
  }

  override componentDidUpdate(before: { about: string }): void {
    if (before.about !== this.props.about && this.state.failed !== undefined)
      this.setState({ failed: undefined });
  }

  override render(): ReactNode {
    if (this.state.failed === undefined) return this.props.children;
    return (
      <p role="alert" className="empty bad">
        This part cannot be shown: {this.state.failed}
      </p>
    );
  }
}
