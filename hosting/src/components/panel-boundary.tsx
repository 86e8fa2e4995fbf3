import { Component, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { Empty, Panel } from './panel.tsx';

type Props = { readonly title: string; readonly children: ReactNode };

/** Catches what one panel throws, so that the rest and the emergency button keep working (UI-98). */
export class PanelBoundary extends Component<Props, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Panel title={this.props.title}>
        <div role="alert">
          <Empty title="This panel stopped working">
            {error.message}. The rest of the desk is not affected.{' '}
            <Button
              small
              onClick={() => {
                this.setState({ error: null });
              }}
            >
              Show it again
            </Button>
          </Empty>
        </div>
      </Panel>
    );
  }
}
